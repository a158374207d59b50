#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/sink.h"
#include "formats/format.h"

namespace pe {

/// The bytes of a file ("-": standard input). Regular files are mapped, others read whole. Throws Error (io).
Bytes read_bytes(const std::string& path);

bool is_folder(const std::string& path);

/// Whether something that is not a regular file (a device, a pipe) is at that path; also true for "-".
bool is_special_file(const std::string& path);

/// Files on their way: each is written beside its name and renamed when all of them are complete. What is not a regular file
/// (devices, pipes, "-" for standard output) is written straight through. Without `commit` no regular file appears or changes. Several
/// threads may write, each to a sink of its own.
class OutputFiles {
 public:
  /// `progress_total` bytes are expected in all; a bar is shown on a terminal when that takes longer than a second.
  OutputFiles(Index progress_total, bool show_progress);
  ~OutputFiles();

  /// Opens a file; the sink lives as long as this object. Throws Error (io) when it cannot be created.
  Sink& open(const std::string& path);

  /// Ends whatever still writes, on any thread: its next write throws.
  void abandon();

  /// Bytes written to a sink so far.
  Index size(const Sink& sink) const;

  /// Closes all files and gives them their names. Throws Error (io).
  void commit();

 private:
  class File;
  class Progress;
  std::unique_ptr<Progress> progress_;
  std::vector<std::unique_ptr<File>> files_;
};

}  // namespace pe
