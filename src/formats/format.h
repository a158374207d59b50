#pragma once
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/sink.h"
#include "core/tensor.h"

namespace pe {

/// The bytes of an input file; `owner` keeps them alive for as long as tensors refer to them.
struct Bytes {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> data;
  /// Says that bytes have been used and need not stay in memory; they can be read again. Empty: they lie in memory anyway.
  void (*release)(std::span<const std::byte> used) = nullptr;

  Bytes part(std::size_t offset, std::size_t length) const { return {owner, data.subspan(offset, length), release}; }
};

/// A table in a file, found but not read.
struct StoredTable {
  std::string name;
  std::function<Tensor()> open;   ///< the tensor, whose values may still be read later. Throws Error (malformed)
};

/// What a file holds.
struct Contents {
  std::vector<StoredTable> tables;
  std::string description;   ///< of the run that made it, as JSON text; empty where there is none
};

/// What is written into one file.
struct Document {
  std::vector<Tensor> tensors;                 ///< one, for a format that holds one array
  const nlohmann::ordered_json* description;   ///< of the whole run; a format that can hold it adds what it stores of each tensor
  int threads = 1;
  bool digest = false;                         ///< return the digests of the stored values
  std::string stem = "table";                  ///< of the file's name, for formats whose tables need names of their own
};

/// A file format. A file src/formats/NAME.cpp opens with its layout and defines `Format NAME()`.
struct Format {
  std::string name;                      ///< as in --format
  std::string one_line;
  std::vector<std::string> extensions;   ///< with the dot; the first is the one we write
  bool holds_many = false;               ///< all tensors of a run in one file, with the description
  Dtype (*stored)(Dtype) = nullptr;      ///< the type in which the format holds values of a type

  /// Writes the document; the sha256 of each tensor's stored values (C order, little-endian), when asked for.
  /// The tensors are such as `check_tensor` lets pass. Throws Error for values the format cannot hold. nullptr: only read.
  std::vector<std::string> (*write)(const Document& document, Sink& sink) = nullptr;

  /// What is in a file. Throws Error (malformed) for whatever is not as the layout says. nullptr: only written.
  Contents (*read)(const Bytes& bytes) = nullptr;

  bool (*holds)(Dtype) = nullptr;                  ///< whether it holds values of a type at all; nullptr: of any type
  void (*check)(const Tensor& tensor) = nullptr;   ///< throws Error for a name or shape that it cannot hold; nullptr: it holds any
};

/// Throws Error where a format cannot hold a tensor: for its type (which formats can?), its shape or its name.
void check_tensor(const Format& format, const Tensor& tensor);

/// What a file of one table holds.
Contents one_table(Tensor tensor);

/// All formats by name.
const std::vector<Format>& all_formats();

/// The format of that name; throws Error with the nearest one.
const Format& find_format(const std::string& name);

/// The format of a path by its extension; nullptr when there is none.
const Format* format_of_path(const std::string& path);

}  // namespace pe
