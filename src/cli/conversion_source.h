#pragma once
#include <string>
#include <vector>

#include "cli/rotary_conversion.h"
#include "core/tensor.h"

namespace pe {

/// What `convert` reads: the tensors of one or more files.
struct ConversionSource {
  std::string name;                 ///< of the first file, for messages
  std::vector<std::string> files;   ///< their names without folders
  std::vector<Tensor> tensors;
  Json description;                 ///< of the run that made them; an object
  std::string stem;                 ///< of default file names
  std::string format;               ///< of the first file, or one that holds its tensors where that cannot be written
};

/// Opens FILE[:TENSOR] ...; a table without a name is called as its file: cos of rope.cos.npy. Throws Error when two tensors have the same name.
ConversionSource read_conversion_source(const std::vector<std::string>& words);

/// The description of a converted file: that of its source as it is true now, who converted it and what has been done.
Json describe_conversion(Json source, const Json& change, const std::vector<std::string>& files, const std::string& command);

}  // namespace pe
