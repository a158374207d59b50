#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <unordered_set>

#include "formats/support/little_endian.h"
#include "formats/support/zip.h"
#include "formats/support/zip_layout.h"

namespace pe {

using namespace zip;

namespace {

constexpr std::string_view kFormat = "npz";   ///< whose archives these are
constexpr Index kMaxExpansion = 1032;             ///< deflate's best ratio: a larger size is a lie
constexpr Index kBombSize = 256 << 20, kBombExpansion = 100;   ///< an entry beyond both would fill memory with what a small file says

[[noreturn]] void malformed(const std::string& what) { pe::malformed(kFormat, what); }

struct Directory {
  Index entries = 0, offset = 0;
};

/// Finds the end record (behind it only a comment), and where its numbers are full, the zip64 one.
Directory find_directory(std::span<const std::byte> bytes) {
  const auto size = static_cast<Index>(bytes.size());
  for (Index at = size - kEndSize; at >= std::max<Index>(0, size - kEndSize - kFull16); --at) {
    Reader reader(kFormat, bytes, at);
    if (reader.get<std::uint32_t>() != kEnd) continue;
    reader.take(6);
    Directory directory{reader.get<std::uint16_t>(), 0};
    reader.take(4);
    directory.offset = reader.get<std::uint32_t>();
    if (reader.get<std::uint16_t>() != reader.left()) continue;
    if (directory.entries != kFull16 && directory.offset != kFull32) return directory;
    Reader locator(kFormat, bytes, at - kLocatorSize);
    if (locator.get<std::uint32_t>() != kLocator64) return directory;
    locator.take(4);
    Reader end64(kFormat, bytes, locator.get_index());
    if (end64.get<std::uint32_t>() != kEnd64) malformed("the zip64 end record is missing");
    end64.take(28);
    directory.entries = end64.get_index();
    end64.take(8);
    directory.offset = end64.get_index();
    return directory;
  }
  malformed("it has no zip directory at its end");
}

struct Found {
  std::string name;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  Index packed = 0, size = 0, offset = 0;
  Index limit = 0;   ///< where the next entry or the directory begins
};

/// Takes the numbers that are full from the zip64 extra field, in the order size, packed size, offset.
void apply_zip64(Found& found, std::span<const std::byte> extra) {
  for (Reader fields(kFormat, extra, 0); fields.left() >= 4;) {
    const auto id = fields.get<std::uint16_t>();
    const auto field = fields.take(fields.get<std::uint16_t>());
    if (id != kZip64Field) continue;
    Reader numbers(kFormat, field, 0);
    for (Index* number : {&found.size, &found.packed, &found.offset}) {
      if (*number == kFull32) *number = numbers.get_index();
    }
  }
}

Found read_central_header(Reader& reader) {
  if (reader.get<std::uint32_t>() != kCentral) malformed("its directory is damaged");
  reader.take(4);
  const auto flags = reader.get<std::uint16_t>();
  Found found;
  found.method = reader.get<std::uint16_t>();
  reader.take(4);
  found.crc = reader.get<std::uint32_t>();
  found.packed = reader.get<std::uint32_t>();
  found.size = reader.get<std::uint32_t>();
  const auto name_length = reader.get<std::uint16_t>(), extra_length = reader.get<std::uint16_t>(), comment_length = reader.get<std::uint16_t>();
  reader.take(8);
  found.offset = reader.get<std::uint32_t>();
  found.name = reader.take_text(name_length);
  apply_zip64(found, reader.take(extra_length));
  reader.take(comment_length);
  if (flags & 1) malformed(fmt::format("its entry {} is encrypted", found.name));
  if (found.method != kStored && found.method != kDeflated) malformed(fmt::format("its entry {} is packed by method {}", found.name, found.method));
  return found;
}

std::uint32_t checksum(const Bytes& bytes) {
  constexpr std::size_t kPiece = 1 << 20;
  std::uint32_t crc = 0;
  for (std::span<const std::byte> rest = bytes.data; !rest.empty();) {
    const auto piece = rest.first(std::min(kPiece, rest.size()));
    crc = crc32(crc, piece);
    if (bytes.release != nullptr) bytes.release(piece);
    rest = rest.subspan(piece.size());
  }
  return crc;
}

/// Refuses entries that share bytes with each other or with the directory (so a small archive would claim to hold any amount) and names
/// that are there twice; sets every entry's limit.
void check_places(std::vector<Found>& entries, Index directory) {
  std::vector<Found*> by_offset;
  std::unordered_set<std::string_view> names;
  for (Found& entry : entries) {
    if (!names.insert(entry.name).second) malformed(fmt::format("it holds two entries {}", entry.name));
    by_offset.push_back(&entry);
  }
  std::sort(by_offset.begin(), by_offset.end(), [](const Found* a, const Found* b) { return a->offset > b->offset; });
  Index limit = directory;
  for (Found* entry : by_offset) {
    entry->limit = limit;
    if (entry->packed > limit - entry->offset - kLocalSize - static_cast<Index>(entry->name.size())) {
      malformed(fmt::format("its entry {} overlaps another one or the directory", entry->name));
    }
    limit = entry->offset;
  }
}

/// Refuses an entry whose claimed size is impossible, or so much more than its bytes that unpacking it would only fill memory.
void check_claim(const Found& found) {
  if (found.method == kStored && found.size != found.packed) {
    malformed(fmt::format("its entry {} has another size than the directory says", found.name));
  }
  if (found.size / kMaxExpansion > found.packed) malformed(fmt::format("its entry {} claims to be impossibly well packed", found.name));
  if (found.size > kBombSize && found.size / kBombExpansion > found.packed) {
    malformed(fmt::format("its entry {} would unpack from {} to {} bytes; if that is meant, unpack it and give the .npy", found.name, found.packed,
                          found.size));
  }
}

/// The bytes of an entry as they lie in the archive.
Bytes packed_bytes(const Bytes& archive, const Found& found) {
  check_claim(found);
  Reader local(kFormat, archive.data.first(static_cast<std::size_t>(found.limit)), found.offset);
  if (local.get<std::uint32_t>() != kLocal) malformed(fmt::format("its entry {} is not where the directory says", found.name));
  local.take(22);
  const auto name_length = local.get<std::uint16_t>(), extra_length = local.get<std::uint16_t>();
  local.take(name_length);
  local.take(extra_length);
  return {archive.owner, local.take(found.packed), archive.release};
}

Bytes held(std::vector<std::byte> bytes) {
  const auto buffer = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return {buffer, *buffer};
}

/// The first `length` bytes that are unpacked from `packed`; fewer where it ends or is damaged.
std::vector<std::byte> inflate_head(std::span<const std::byte> packed, std::size_t length) {
  std::vector<std::byte> head(length);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();   // no zlib header: raw deflate
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max()));
  stream.next_out = reinterpret_cast<Bytef*>(head.data());
  stream.avail_out = static_cast<uInt>(length);
  while (stream.avail_out > 0 && inflate(&stream, Z_SYNC_FLUSH) == Z_OK) {
  }
  head.resize(length - stream.avail_out);
  inflateEnd(&stream);
  return head;
}

Bytes unpack_head(const Bytes& archive, const Found& found, Index length) {
  const Bytes packed = packed_bytes(archive, found);
  const auto wanted = static_cast<std::size_t>(std::min(length, found.size));
  return found.method == kDeflated ? held(inflate_head(packed.data, wanted)) : packed.part(0, wanted);
}

Bytes unpack(const Bytes& archive, const Found& found) {
  Bytes contents = packed_bytes(archive, found);
  if (found.method == kDeflated) {
    std::vector<std::byte> buffer(static_cast<std::size_t>(found.size));
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(libdeflate_alloc_decompressor(),
                                                                                                libdeflate_free_decompressor);
    std::size_t used = 0, made = 0;
    const auto result = libdeflate_deflate_decompress_ex(inflater.get(), contents.data.data(), contents.data.size(), buffer.data(), buffer.size(),
                                                         &used, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE || (result == LIBDEFLATE_SUCCESS && made != buffer.size())) {
      malformed(fmt::format("its entry {} has another size than the directory says", found.name));
    }
    if (result != LIBDEFLATE_SUCCESS || used != contents.data.size()) malformed(fmt::format("its entry {} cannot be unpacked", found.name));
    contents = held(std::move(buffer));
  }
  if (checksum(contents) != found.crc) malformed(fmt::format("the checksum of its entry {} is wrong", found.name));
  return contents;
}

}  // namespace

std::vector<ZipEntry> read_zip(const Bytes& archive) {
  const Directory directory = find_directory(archive.data);
  Reader reader(kFormat, archive.data, directory.offset);
  if (directory.entries > reader.left() / kCentralSize) malformed("it claims more entries than its directory can hold");
  std::vector<Found> found;
  for (Index i = 0; i < directory.entries; ++i) found.push_back(read_central_header(reader));
  check_places(found, directory.offset);
  std::vector<ZipEntry> entries;
  for (Found& one : found) {
    const auto entry = std::make_shared<const Found>(std::move(one));
    entries.push_back({entry->name, entry->size, [archive, entry](Index length) { return unpack_head(archive, *entry, length); },
                       [archive, entry] { return unpack(archive, *entry); }});
  }
  return entries;
}

}  // namespace pe
