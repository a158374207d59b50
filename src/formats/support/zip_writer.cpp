#include <cassert>

#include "formats/support/little_endian.h"
#include "formats/support/zip.h"
#include "formats/support/zip_layout.h"

namespace pe {

using namespace zip;

namespace {

bool is_large(Index number) { return number >= static_cast<Index>(kFull32); }
std::uint32_t low32(Index number) { return is_large(number) ? kFull32 : static_cast<std::uint32_t>(number); }

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

}  // namespace pe
