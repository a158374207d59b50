// .npz: a zip archive with one entry KEY.npy per array, and meta.json, the description.
//
//   per entry        "PK\3\4" local header: version, flags, method, time, date, crc32, sizes, lengths of name and extra field;
//                    name; extra field; data
//   central directory  "PK\1\2" headers: the same facts and the offset of the local header
//   end              "PK\6\6" and "PK\6\7" (zip64, where a number is too large), "PK\5\6"
//
// Written: entries stored, not deflated; time 1980-01-01; a zip64 extra field (id 1: size, size, offset) where a number needs it.
// Read: the central directory is trusted, also for files that numpy wrote (zip64 fields everywhere, deflated entries). Entries that
// overlap, names that are there twice and entries that unpack to far more than the archive are refused (D. Fifield, "A better zip bomb").
// PKWARE APPNOTE.TXT 6.3.10; numpy savez, savez_compressed.

#include "formats/format.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "formats/support/little_endian.h"
#include "formats/support/npy.h"
#include "formats/support/values.h"
#include "formats/support/zip.h"

namespace pe {
namespace {

constexpr std::string_view kDescriptionName = "meta.json";
constexpr Index kHead = 1 << 17;   ///< bytes of an entry that hold the longest header anybody writes (numpy reads 10,000)

std::vector<std::string> write(const Document& document, Sink& sink) {
  ZipWriter zip(sink);
  std::vector<std::string> digests;
  for (const Tensor& tensor : document.tensors) {
    const Dtype stored = npy_stored(tensor.dtype);
    const std::string header = npy_header(tensor.shape(), stored);
    const Index size = static_cast<Index>(header.size()) + tensor.elements() * static_cast<Index>(size_of(stored));
    std::string digest;
    zip.add_entry(tensor.name + ".npy", size, [&](const ZipWriter::Consume& consume) {
      consume(std::as_bytes(std::span(header)));
      digest = write_values(document, tensor, stored, consume);
    });
    digests.push_back(digest);
  }
  const std::string text = describe_document(document, npy_stored, digests).dump(1) + "\n";
  zip.add_entry(std::string(kDescriptionName), static_cast<Index>(text.size()),
                [&](const ZipWriter::Consume& consume) { consume(std::as_bytes(std::span(text))); });
  zip.finish();
  return digests;
}

/// The array of an entry, whose header is looked at before all of it is unpacked.
Tensor open_entry(const ZipEntry& entry, const std::string& name) {
  check_npy_size(entry.head(kHead).data, entry.size);
  return read_npy(entry.contents(), name);
}

Contents read(const Bytes& bytes) {
  constexpr std::string_view kEnding = ".npy";
  Contents contents;
  for (const ZipEntry& entry : read_zip(bytes)) {
    if (entry.name == kDescriptionName && entry.size <= kMaxDescription) {
      const Bytes text = entry.contents();
      contents.description.assign(reinterpret_cast<const char*>(text.data.data()), text.data.size());
    }
    if (!entry.name.ends_with(kEnding)) continue;
    if (!is_utf8(entry.name)) malformed("npz", "the name of an entry is not UTF-8");
    const std::string name = entry.name.substr(0, entry.name.size() - kEnding.size());
    contents.tables.push_back({name, [entry, name] { return open_entry(entry, name); }});
  }
  return contents;
}

}  // namespace

Format npz() { return {"npz", "all tensors, for numpy, with the description", {".npz"}, true, npy_stored, write, read}; }

}  // namespace pe
