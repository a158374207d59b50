#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"

namespace pe {

constexpr std::string_view kGgufMagic = "GGUF";
constexpr const char* kGgufDescription = "pe_gen.description";

/// A type of ggml: `block` numbers of a row are packed into `bytes`.
struct GgmlType {
  std::uint32_t id = 0;
  std::string_view name;
  Index block = 1, bytes = 0;
  std::optional<Dtype> dtype = {};   ///< where it is plain numbers
};

/// ggml's type for numbers; nullptr when it has none.
const GgmlType* ggml_type_of(Dtype dtype);

/// A tensor as the head of a .gguf file has it.
struct GgufEntry {
  std::string name;
  std::vector<Index> shape;          ///< the last axis last, as everywhere here
  std::uint32_t type_id = 0;
  const GgmlType* type = nullptr;    ///< nullptr: one that is not known here
  Index offset = 0, size = 0;        ///< from the start of the data; the size is 0 where the type is not known
};

struct GgufHeader {
  std::vector<GgufEntry> entries;    ///< all of them lie in the file
  std::string description;           ///< of the run, as JSON text; empty where there is none
  Index data_start = 0;              ///< not behind the file's end
};

/// Reads what stands in front of the data. Throws Error (malformed) for what is not as the layout says.
GgufHeader parse_gguf_header(std::span<const std::byte> file);

}  // namespace pe
