// Zip archives; the layout stands in formats/npz.cpp.

#include "formats/support/zip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cassert>
#include <memory>

#include "core/error.h"

namespace pe {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint32_t kFull32 = 0xffffffff;   ///< "see the zip64 extra field"
constexpr std::uint16_t kFull16 = 0xffff;
constexpr std::uint16_t kZip64Field = 1, kVersion = 20, kVersion64 = 45;
constexpr std::uint16_t kDate1980 = 1 << 5 | 1;   ///< 1980-01-01
constexpr Index kCentralSize = 46, kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20;
constexpr Index kCrcInLocal = 14;
constexpr Index kMaxExpansion = 1032;             ///< deflate's best ratio: a larger size is a lie

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) { return libdeflate_crc32(crc, bytes.data(), bytes.size()); }

/// Little-endian numbers, one after the other.
class Record {
 public:
  template <class Integer>
  Record& put(Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i) text_ += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }
  Record& put(const std::string& text) {
    text_ += text;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

bool is_large(Index number) { return number >= static_cast<Index>(kFull32); }
std::uint32_t low32(Index number) { return is_large(number) ? kFull32 : static_cast<std::uint32_t>(number); }

[[noreturn]] void malformed(const std::string& what) { throw Error(ErrorKind::malformed, "not a valid .npz: " + what); }

/// Little-endian numbers of an archive, with every length checked against the bytes that are there.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, Index at) : bytes_(bytes), at_(at) {
    if (at < 0 || at > static_cast<Index>(bytes.size())) malformed("an offset points outside the file");
  }

  std::span<const std::byte> take(Index length) {
    if (length < 0 || length > static_cast<Index>(bytes_.size()) - at_) malformed("it ends too early");
    const auto taken = bytes_.subspan(static_cast<std::size_t>(at_), static_cast<std::size_t>(length));
    at_ += length;
    return taken;
  }

  template <class Integer>
  Integer get() {
    Integer value = 0;
    const auto taken = take(sizeof value);
    for (std::size_t i = 0; i < sizeof value; ++i) {
      value = static_cast<Integer>(value | static_cast<Integer>(static_cast<Integer>(taken[i]) << (8 * i)));
    }
    return value;
  }

  /// A 64-bit number that must be a size or an offset.
  Index get_index() {
    const auto value = get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(bytes_.size()) * kMaxExpansion) malformed("a size or offset is larger than the file allows");
    return static_cast<Index>(value);
  }

  Index left() const { return static_cast<Index>(bytes_.size()) - at_; }

 private:
  std::span<const std::byte> bytes_;
  Index at_;
};

struct Directory {
  Index entries = 0, offset = 0;
};

/// Finds the end record (behind it only a comment), and where its numbers are full, the zip64 one.
Directory find_directory(std::span<const std::byte> bytes) {
  const auto size = static_cast<Index>(bytes.size());
  for (Index at = size - kEndSize; at >= std::max<Index>(0, size - kEndSize - kFull16); --at) {
    Reader reader(bytes, at);
    if (reader.get<std::uint32_t>() != kEnd) continue;
    reader.take(6);
    Directory directory{reader.get<std::uint16_t>(), 0};
    reader.take(4);
    directory.offset = reader.get<std::uint32_t>();
    if (reader.get<std::uint16_t>() != reader.left()) continue;
    if (directory.entries != kFull16 && directory.offset != kFull32) return directory;
    Reader locator(bytes, at - kLocatorSize);
    if (locator.get<std::uint32_t>() != kLocator64) return directory;
    locator.take(4);
    Reader end64(bytes, locator.get_index());
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
};

/// Takes the numbers that are full from the zip64 extra field, in the order size, packed size, offset.
void apply_zip64(Found& found, std::span<const std::byte> extra) {
  for (Reader fields(extra, 0); fields.left() >= 4;) {
    const auto id = fields.get<std::uint16_t>();
    const auto field = fields.take(fields.get<std::uint16_t>());
    if (id != kZip64Field) continue;
    Reader numbers(field, 0);
    for (Index* number : {&found.size, &found.packed, &found.offset}) {
      if (*number != kFull32) continue;
      const auto value = numbers.get<std::uint64_t>();
      if (value >> 62 != 0) malformed("a size or offset is absurd");
      *number = static_cast<Index>(value);
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
  const auto name = reader.take(name_length);
  found.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
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

Bytes unpack(const Bytes& archive, const Found& found) {
  Reader local(archive.data, found.offset);
  if (local.get<std::uint32_t>() != kLocal) malformed(fmt::format("its entry {} is not where the directory says", found.name));
  local.take(22);
  const auto name_length = local.get<std::uint16_t>(), extra_length = local.get<std::uint16_t>();
  local.take(name_length);
  local.take(extra_length);
  const auto packed = local.take(found.packed);
  Bytes contents{archive.owner, packed, archive.release};
  if (found.method == kDeflated) {
    if (found.size / kMaxExpansion > found.packed) malformed(fmt::format("its entry {} claims to be impossibly well packed", found.name));
    const auto buffer = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(found.size));
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(libdeflate_alloc_decompressor(),
                                                                                                libdeflate_free_decompressor);
    std::size_t used = 0;
    const auto result = libdeflate_deflate_decompress_ex(inflater.get(), packed.data(), packed.size(), buffer->data(), buffer->size(), &used,
                                                         nullptr);
    if (result != LIBDEFLATE_SUCCESS || used != packed.size()) malformed(fmt::format("its entry {} cannot be unpacked", found.name));
    contents = {buffer, *buffer};
  }
  if (static_cast<Index>(contents.data.size()) != found.size) {
    malformed(fmt::format("its entry {} has another size than the directory says", found.name));
  }
  if (checksum(contents) != found.crc) malformed(fmt::format("the checksum of its entry {} is wrong", found.name));
  return contents;
}

}  // namespace

void ZipWriter::write(const std::string& bytes) {
  sink_.write(bytes);
  written_ += static_cast<Index>(bytes.size());
}

void ZipWriter::add_entry(std::string name, Index size, const std::function<void(const Consume&)>& produce) {
  Entry entry{std::move(name), size, written_, 0};
  const bool patch = sink_.can_patch();
  sink_.reserve(size);
  const auto add_to_crc = [&](std::span<const std::byte> bytes) { entry.crc = crc32(entry.crc, bytes); };
  if (!patch) produce(add_to_crc);

  Record extra;
  if (is_large(size)) extra.put(kZip64Field).put(std::uint16_t{16}).put(size).put(size);
  Record local;
  local.put(kLocal).put(is_large(size) ? kVersion64 : kVersion).put(std::uint16_t{0}).put(kStored).put(std::uint16_t{0}).put(kDate1980);
  local.put(entry.crc).put(low32(size)).put(low32(size));
  local.put(static_cast<std::uint16_t>(entry.name.size())).put(static_cast<std::uint16_t>(extra.text().size()));
  write(local.put(entry.name).put(extra.text()).text());

  [[maybe_unused]] const Index start = written_;
  produce([&](std::span<const std::byte> bytes) {
    if (patch) add_to_crc(bytes);
    sink_.write(bytes);
    written_ += static_cast<Index>(bytes.size());
  });
  assert(written_ - start == size);
  if (patch) sink_.patch(entry.offset + kCrcInLocal, std::as_bytes(std::span(Record().put(entry.crc).text())));
  entries_.push_back(std::move(entry));
}

void ZipWriter::finish() {
  const Index directory = written_;
  for (const Entry& entry : entries_) {
    const bool large = is_large(entry.size), far = is_large(entry.offset);
    Record numbers;
    if (large) numbers.put(entry.size).put(entry.size);
    if (far) numbers.put(entry.offset);
    Record extra;
    if (large || far) extra.put(kZip64Field).put(static_cast<std::uint16_t>(numbers.text().size())).put(numbers.text());
    const std::uint16_t version = large || far ? kVersion64 : kVersion;
    Record header;
    header.put(kCentral).put(version).put(version).put(std::uint16_t{0}).put(kStored).put(std::uint16_t{0}).put(kDate1980);
    header.put(entry.crc).put(low32(entry.size)).put(low32(entry.size));
    header.put(static_cast<std::uint16_t>(entry.name.size())).put(static_cast<std::uint16_t>(extra.text().size()));
    header.put(std::uint16_t{0}).put(std::uint16_t{0}).put(std::uint16_t{0}).put(std::uint32_t{0}).put(low32(entry.offset));
    write(header.put(entry.name).put(extra.text()).text());
  }
  const Index size = written_ - directory;
  const auto count = static_cast<Index>(entries_.size());
  if (is_large(directory) || is_large(size)) {
    const Index end64 = written_;
    Record record;
    record.put(kEnd64).put(kEnd64Size - 12).put(kVersion64).put(kVersion64).put(std::uint32_t{0}).put(std::uint32_t{0});
    record.put(count).put(count).put(size).put(directory);
    record.put(kLocator64).put(std::uint32_t{0}).put(end64).put(std::uint32_t{1});
    write(record.text());
  }
  Record end;
  end.put(kEnd).put(std::uint16_t{0}).put(std::uint16_t{0}).put(static_cast<std::uint16_t>(count)).put(static_cast<std::uint16_t>(count));
  write(end.put(low32(size)).put(low32(directory)).put(std::uint16_t{0}).text());
}

std::vector<ZipEntry> read_zip(const Bytes& archive) {
  const Directory directory = find_directory(archive.data);
  Reader reader(archive.data, directory.offset);
  if (directory.entries > reader.left() / kCentralSize) malformed("it claims more entries than its directory can hold");
  std::vector<ZipEntry> entries;
  for (Index i = 0; i < directory.entries; ++i) {
    const Found found = read_central_header(reader);
    entries.push_back({found.name, [archive, found] { return unpack(archive, found); }});
  }
  return entries;
}

}  // namespace pe
