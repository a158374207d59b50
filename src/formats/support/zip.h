#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/sink.h"
#include "formats/format.h"

namespace pe {

/// Writes a zip archive of stored entries, front to back.
class ZipWriter {
 public:
  using Consume = std::function<void(std::span<const std::byte>)>;

  explicit ZipWriter(Sink& sink) : sink_(sink) {}

  /// Adds an entry of `size` bytes, which `produce` hands over. Where the sink cannot be patched, `produce` is called twice:
  /// the checksum stands before the data.
  void add_entry(std::string name, Index size, const std::function<void(const Consume&)>& produce);

  /// Writes the central directory. Nothing may follow.
  void finish();

 private:
  struct Entry {
    std::string name;
    Index size = 0, offset = 0;
    std::uint32_t crc = 0;
  };

  void write(const std::string& bytes);

  Sink& sink_;
  Index written_ = 0;
  std::vector<Entry> entries_;
};

/// An entry of an archive.
struct ZipEntry {
  std::string name;
  Index size = 0;                          ///< of its contents, as the directory says
  std::function<Bytes(Index)> head;        ///< so many of its first bytes, or what there is; the crc is not checked. Throws Error (malformed)
  std::function<Bytes()> contents;         ///< unpacks and checks size and crc; throws Error (malformed)
};

/// The entries of an archive, in the order of its central directory; their names differ and no byte belongs to two of them.
/// Throws Error (malformed).
std::vector<ZipEntry> read_zip(const Bytes& archive);

}  // namespace pe
