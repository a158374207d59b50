#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <libdeflate.h>

#include <memory>

#include "cli/input.h"
#include "formats/support/npy.h"
#include "formats/support/values.h"
#include "formats/support/zip.h"
#include "support.h"

namespace pe {
namespace {

constexpr std::uint32_t kFull = 0xffffffff;

void put(std::string& text, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint32_t crc_of(const std::string& data) { return libdeflate_crc32(0, data.data(), data.size()); }

std::string deflated(const std::string& data) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> packer(libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string packed(libdeflate_deflate_compress_bound(packer.get(), data.size()), '\0');
  packed.resize(libdeflate_deflate_compress(packer.get(), data.data(), data.size(), packed.data(), packed.size()));
  return packed;
}

/// An archive entry and what its headers claim; a test changes the claims.
struct Entry {
  std::string name, packed;
  std::uint32_t crc = 0;
  std::uint64_t packed_size = 0, size = 0, offset = 0;
  std::uint16_t method = 0, flags = 0;
  bool zip64 = false;        ///< numbers stand in the zip64 extra field
  bool lies_elsewhere = false;   ///< `offset` is the claim, not where the entry is
};

Entry entry(const std::string& name, const std::string& data, bool deflate = false) {
  Entry e;
  e.name = name;
  e.packed = deflate ? deflated(data) : data;
  e.crc = crc_of(data);
  e.packed_size = e.packed.size();
  e.size = data.size();
  e.method = deflate ? 8 : 0;
  return e;
}

struct Claims {
  std::int64_t entries = -1;           ///< -1: as many as there are
  std::int64_t directory_offset = -1;
  bool zip64 = false;
  std::string comment;
};

/// The bytes of an archive, headers as PKWARE's APPNOTE lays them out.
std::string archive(std::vector<Entry> entries, const Claims& claims = {}) {
  std::string file, directory;
  for (Entry& e : entries) {
    if (!e.lies_elsewhere) e.offset = file.size();
    std::string extra;
    if (e.zip64) {
      put(extra, 1, 2), put(extra, 16, 2);
      put(extra, e.size, 8), put(extra, e.packed_size, 8);
    }
    put(file, 0x04034b50, 4), put(file, e.zip64 ? 45 : 20, 2), put(file, e.flags, 2), put(file, e.method, 2), put(file, 0x00210000, 4);
    put(file, e.crc, 4), put(file, e.zip64 ? kFull : e.packed_size, 4), put(file, e.zip64 ? kFull : e.size, 4);
    put(file, e.name.size(), 2), put(file, extra.size(), 2);
    file += e.name + extra + e.packed;
    if (e.zip64) {
      extra.clear();
      put(extra, 0x5455, 2), put(extra, 1, 2), put(extra, 0, 1);   // a field of another kind stands first
      put(extra, 1, 2), put(extra, 24, 2);
      put(extra, e.size, 8), put(extra, e.packed_size, 8), put(extra, e.offset, 8);
    }
    put(directory, 0x02014b50, 4), put(directory, 45, 2), put(directory, 45, 2), put(directory, e.flags, 2), put(directory, e.method, 2);
    put(directory, 0x00210000, 4), put(directory, e.crc, 4), put(directory, e.zip64 ? kFull : e.packed_size, 4);
    put(directory, e.zip64 ? kFull : e.size, 4), put(directory, e.name.size(), 2), put(directory, extra.size(), 2);
    put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 4), put(directory, e.zip64 ? kFull : e.offset, 4);
    directory += e.name + extra;
  }
  const std::uint64_t offset = claims.directory_offset < 0 ? file.size() : static_cast<std::uint64_t>(claims.directory_offset);
  const std::uint64_t count = claims.entries < 0 ? entries.size() : static_cast<std::uint64_t>(claims.entries);
  file += directory;
  if (claims.zip64) {
    const std::uint64_t end64 = file.size();
    put(file, 0x06064b50, 4), put(file, 44, 8), put(file, 45, 2), put(file, 45, 2), put(file, 0, 4), put(file, 0, 4);
    put(file, count, 8), put(file, count, 8), put(file, directory.size(), 8), put(file, offset, 8);
    put(file, 0x07064b50, 4), put(file, 0, 4), put(file, end64, 8), put(file, 1, 4);
  }
  put(file, 0x06054b50, 4), put(file, 0, 4);
  put(file, claims.zip64 ? 0xffff : count, 2), put(file, claims.zip64 ? 0xffff : count, 2);
  put(file, claims.zip64 ? kFull : directory.size(), 4), put(file, claims.zip64 ? kFull : offset, 4);
  put(file, claims.comment.size(), 2);
  return file + claims.comment;
}

std::string npy_file() { return written("npy", {counting_tensor({2, 3})}); }

/// The refusal of a file; "" when it is read, "not malformed" when it is refused as something else.
std::string refusal(const std::string& file) {
  try {
    read_all("npz", file);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed ? error.what() : "not malformed";
  }
  return "";
}

void expect_table(const std::string& file) {
  const std::vector<Tensor> tensors = read_back("npz", file);
  ASSERT_EQ(tensors.size(), 1u);
  EXPECT_EQ(tensors[0].name, "table");
  EXPECT_EQ(values(tensors[0]), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST(npz, what_is_written_reads_back_with_names_types_and_values) {
  for (const bool patches : {true, false}) {
    const std::string file = written("npz", {counting_tensor({2, 3}, Dtype::f16, "cos"), counting_tensor({4}, Dtype::i64, "inv_freq")}, patches);
    const std::vector<Tensor> back = read_back("npz", file);
    ASSERT_EQ(back.size(), 2u);
    EXPECT_EQ(back[0].name, "cos");
    EXPECT_EQ(back[0].dtype, Dtype::f16);
    EXPECT_EQ(back[1].name, "inv_freq");
    EXPECT_EQ(values(back[1]), (std::vector<double>{0, 1, 2, 3}));
  }
}

TEST(npz, sinks_that_cannot_be_patched_get_the_same_bytes) {
  const Tensor t = opened("sincos1d", "pos_embed", {{"length", "3000"}, {"dim", "64"}});
  EXPECT_TRUE(written("npz", {t}, true) == written("npz", {t}, false, 3));
}

TEST(npz, an_archive_can_be_checked_by_hand) {
  const std::string data = npy_file();   // 128 + 24 bytes
  const std::string file = written("npz", {counting_tensor({2, 3})});
  std::string local;
  put(local, 0x04034b50, 4), put(local, 20, 2), put(local, 0, 2), put(local, 0, 2), put(local, 0, 2), put(local, 0x21, 2);   // stored, 1980-01-01
  put(local, crc_of(data), 4), put(local, 152, 4), put(local, 152, 4), put(local, 9, 2), put(local, 0, 2);
  EXPECT_EQ(file.substr(0, 39 + 152), local + "table.npy" + data);
  std::string end;
  put(end, 0x06054b50, 4), put(end, 0, 4), put(end, 2, 2), put(end, 2, 2);
  EXPECT_EQ(file.substr(file.size() - 22, 12), end);
}

TEST(npz, the_description_stands_in_meta_json_and_is_no_tensor) {
  bool found = false;
  for (const ZipEntry& e : read_zip(as_bytes(written("npz", {counting_tensor({2, 3})})))) {
    if (e.name != "meta.json") continue;
    found = true;
    const Bytes contents = e.contents();
    const auto* const text = reinterpret_cast<const char*>(contents.data.data());
    const auto json = nlohmann::json::parse(text, text + contents.data.size());
    EXPECT_EQ(json["scheme"], "test");
    EXPECT_EQ(json["tensors"][0]["name"], "table");
    EXPECT_EQ(json["tensors"][0]["shape"], (std::vector<int>{2, 3}));
  }
  EXPECT_TRUE(found);
}

TEST(npz, bf16_is_stored_as_f32_that_holds_the_rounded_values) {
  const Tensor back = read_back("npz", written("npz", {held_tensor("table", {{"column", 1}}, Dtype::bf16, {3.14159265358979})})).at(0);
  EXPECT_EQ(back.dtype, Dtype::f32);
  EXPECT_EQ(values(back), (std::vector<double>{3.140625}));
}

TEST(npz, bf16_comes_back_as_such_by_its_description_but_no_type_that_the_file_does_not_hold) {
  const Tensor t = held_tensor("table", {{"row", 1}, {"column", 2}}, Dtype::bf16, {3.140625, 1});
  Tensor back = read_back("npz", written("npz", {t})).at(0);
  nlohmann::ordered_json described = describe_tensor(t, Dtype::f32, "");
  apply_description(back, described);
  EXPECT_EQ(back.dtype, Dtype::bf16);
  for (const Dtype claimed : {Dtype::c64, Dtype::c128, Dtype::u8, Dtype::i64}) {   // complex numbers would be twice as many as are there
    Tensor lied_about = read_back("npz", written("npz", {t})).at(0);
    described["dtype"] = name(claimed);
    apply_description(lied_about, described);
    EXPECT_EQ(lied_about.dtype, Dtype::f32) << name(claimed);
  }
}

TEST(npz, stored_and_deflated_entries_are_read) {
  expect_table(archive({entry("table.npy", npy_file())}));
  expect_table(archive({entry("table.npy", npy_file(), true)}));
}

TEST(npz, zip64_fields_in_small_files_are_read_as_numpy_writes_them) {
  Entry small = entry("table.npy", npy_file());
  small.zip64 = true;
  expect_table(archive({small}));
  Claims claims;
  claims.zip64 = true;
  expect_table(archive({small}, claims));
  expect_table(archive({entry("table.npy", npy_file(), true)}, claims));
}

TEST(npz, files_of_numpy_savez_and_savez_compressed_are_read) {
  EXPECT_EQ(read_input(std::string(PE_GOLDEN_FOLDER) + "/in-swin-v2-swin-bias6.npz:fc2.weight").tensors.front().shape().front(), 3);
  // numpy.savez_compressed(f, a=numpy.arange(6, dtype='<f4').reshape(2, 3) * 0.5)
  const std::string_view hex =
      "504b0304140000000800000021000bc0b076570000009800000005001400612e6e707901001000980000000000000057000000000000009bec17ea1b10c9c850c650ad9e925a"
      "9c5ca46ea5a06e9366a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a463a0ac69a3a0ab50a64032e0608b067606800e20340cce0c0c0a0e0"
      "0000504b01021403140000000800000021000bc0b0765700000098000000050000000000000000000000800100000000612e6e7079504b050600000000010001003300000"
      "08e0000000000";
  std::string file;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) file += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  const Tensor t = read_back("npz", file).at(0);
  EXPECT_EQ(t.name, "a");
  EXPECT_EQ(t.shape(), (std::vector<Index>{2, 3}));
  EXPECT_EQ(values(t), (std::vector<double>{0, 0.5, 1, 1.5, 2, 2.5}));
}

TEST(npz, a_comment_at_the_end_and_entries_that_are_no_arrays_do_not_matter) {
  Claims claims;
  claims.comment = "made by hand, PK\5\6 and all";
  expect_table(archive({entry("readme.txt", "hello"), entry("table.npy", npy_file())}, claims));
}

TEST(npz, every_prefix_of_a_file_is_refused_as_malformed) {
  Entry large = entry("table.npy", npy_file(), true);
  large.zip64 = true;
  Claims claims;
  claims.zip64 = true;
  for (const std::string& file : {written("npz", {counting_tensor({2, 3})}), archive({large}, claims)}) {
    EXPECT_EQ(refusal(file), "");
    for (std::size_t size = 0; size < file.size(); ++size) {
      EXPECT_NE(refusal(file.substr(0, size)), "") << size;
      EXPECT_NE(refusal(file.substr(0, size)), "not malformed") << size;
    }
  }
}

TEST(npz, a_wrong_checksum_is_refused) {
  for (const bool deflate : {false, true}) {
    Entry wrong = entry("table.npy", npy_file(), deflate);
    wrong.crc ^= 1;
    EXPECT_EQ(refusal(archive({wrong})), "not a valid .npz: the checksum of its entry table.npy is wrong");
  }
  std::string file = archive({entry("table.npy", npy_file())});
  file[180] = static_cast<char>(file[180] ^ 1);   // in the values
  EXPECT_EQ(refusal(file), "not a valid .npz: the checksum of its entry table.npy is wrong");
}

TEST(npz, an_encrypted_entry_and_an_unknown_packing_are_refused) {
  Entry locked = entry("table.npy", npy_file());
  locked.flags = 1;
  EXPECT_EQ(refusal(archive({locked})), "not a valid .npz: its entry table.npy is encrypted");
  Entry packed = entry("table.npy", npy_file());
  packed.method = 14;   // LZMA
  EXPECT_EQ(refusal(archive({packed})), "not a valid .npz: its entry table.npy is packed by method 14");
}

TEST(npz, sizes_that_lie_are_refused_without_allocating_them) {
  for (const bool deflate : {false, true}) {
    for (const bool zip64 : {false, true}) {
      for (const std::uint64_t claim : {0ull, 1ull, 151ull, 153ull, 0xfffffffeull, 1ull << 40, 1ull << 62, 1ull << 63, ~0ull}) {
        if (!zip64 && claim >= kFull) continue;
        Entry size = entry("table.npy", npy_file(), deflate);
        size.zip64 = zip64;
        Entry packed = size;
        size.size = claim;
        EXPECT_NE(refusal(archive({size})), "") << claim;
        EXPECT_NE(refusal(archive({size})), "not malformed") << claim;
        packed.packed_size = claim;
        EXPECT_NE(refusal(archive({packed})), "") << claim;
        EXPECT_NE(refusal(archive({packed})), "not malformed") << claim;
      }
    }
  }
}

TEST(npz, a_bomb_is_refused_by_its_claim) {
  Entry bomb = entry("table.npy", npy_file(), true);
  bomb.zip64 = true;
  bomb.size = std::uint64_t{1} << 40;
  EXPECT_EQ(refusal(archive({bomb})), "not a valid .npz: its entry table.npy claims to be impossibly well packed");
}

TEST(npz, a_small_entry_that_unpacks_to_very_much_is_refused_before_it_is_unpacked) {
  Entry zeros = entry("zeros.npy", std::string(400000, '\0'));   // what is in it does not come to matter
  zeros.method = 8;
  zeros.size = 300 << 20;
  const std::string file = archive({zeros, entry("table.npy", npy_file())});
  EXPECT_EQ(refusal(file), "not a valid .npz: its entry zeros.npy would unpack from 400000 to 314572800 bytes; if that is meant, unpack it "
                           "and give the .npy");
  const std::vector<StoredTable> tables = find_format("npz").read(as_bytes(file)).tables;
  EXPECT_EQ(values(tables.at(1).open()).size(), 6u);   // the others can be read
}

TEST(npz, a_size_that_the_header_inside_does_not_need_is_refused_before_it_is_allocated) {
  Entry lies = entry("table.npy", npy_file(), true);
  lies.zip64 = true;
  lies.size = lies.packed_size * 1000;
  EXPECT_EQ(refusal(archive({lies})),
            fmt::format("not a valid .npy: the shape (2, 3) of <f4 needs 24 bytes of values, found {}", lies.size - 128));
}

TEST(npz, entries_that_share_bytes_are_refused) {
  Entry first = entry("first.npy", npy_file()), second = entry("second.npy", npy_file());
  second.lies_elsewhere = true;   // and so at offset 0, where the first is
  EXPECT_EQ(refusal(archive({first, second})), "not a valid .npz: its entry second.npy overlaps another one or the directory");
  // One entry whose data is a whole other one, as zip bombs have it.
  Entry inner = entry("inner.npy", npy_file());
  const std::string quoted = archive({inner}).substr(0, 30 + inner.name.size() + inner.packed.size());
  Entry outer = entry("outer.npy", quoted);
  inner.lies_elsewhere = true;
  inner.offset = 30 + outer.name.size();
  EXPECT_EQ(refusal(archive({outer, inner})), "not a valid .npz: its entry outer.npy overlaps another one or the directory");
  Entry last = entry("last.npy", npy_file());
  last.packed_size = last.size = last.packed.size() + 40;
  EXPECT_EQ(refusal(archive({last})), "not a valid .npz: its entry last.npy overlaps another one or the directory");
}

TEST(npz, names_that_are_there_twice_or_are_not_utf_8_are_refused) {
  EXPECT_EQ(refusal(archive({entry("table.npy", npy_file()), entry("table.npy", npy_file())})), "not a valid .npz: it holds two entries table.npy");
  EXPECT_EQ(refusal(archive({entry("\xff.npy", npy_file())})), "not a valid .npz: the name of an entry is not UTF-8");
}

TEST(npz, a_description_too_large_to_be_one_is_not_unpacked) {
  const std::string text = "{\"scheme\": \"" + std::string(20 << 20, 'x') + "\"}";
  const Contents contents = find_format("npz").read(as_bytes(archive({entry("table.npy", npy_file()), entry("meta.json", text, true)})));
  EXPECT_EQ(contents.description, "");
  EXPECT_EQ(contents.tables.size(), 1u);
}

TEST(npz, damaged_deflate_data_is_refused) {
  Entry damaged = entry("table.npy", npy_file(), true);
  for (std::size_t at = 0; at < damaged.packed.size(); ++at) {
    Entry one = damaged;
    one.packed[at] = static_cast<char>(one.packed[at] ^ 0x55);
    EXPECT_NE(refusal(archive({one})), "") << at;
  }
}

TEST(npz, a_directory_that_points_elsewhere_is_refused) {
  const std::string good = archive({entry("table.npy", npy_file())});
  const auto size = static_cast<std::int64_t>(good.size());
  for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{1}, size, size - 10, std::int64_t{0xfffffffe}}) {
    Claims claims;
    claims.directory_offset = offset;
    EXPECT_NE(refusal(archive({entry("table.npy", npy_file())}, claims)), "") << offset;
    claims.zip64 = true;
    EXPECT_NE(refusal(archive({entry("table.npy", npy_file())}, claims)), "") << offset;
  }
  Claims claims;
  claims.zip64 = true;
  claims.directory_offset = std::numeric_limits<std::int64_t>::max();
  EXPECT_NE(refusal(archive({entry("table.npy", npy_file())}, claims)), "");
}

TEST(npz, an_entry_that_is_not_where_the_directory_says_is_refused) {
  for (const std::uint64_t offset : {1ull, 190ull, 100000ull, 0xfffffffeull, 1ull << 61, ~0ull}) {
    Entry astray = entry("table.npy", npy_file());
    astray.lies_elsewhere = true;
    astray.offset = offset;
    astray.zip64 = offset >= kFull;
    EXPECT_NE(refusal(archive({astray})), "") << offset;
    EXPECT_NE(refusal(archive({astray})), "not malformed") << offset;
  }
}

TEST(npz, a_directory_with_another_number_of_entries_than_it_says_is_refused) {
  for (const std::int64_t count : {2, 3, 1000, 65534}) {
    Claims claims;
    claims.entries = count;
    EXPECT_NE(refusal(archive({entry("table.npy", npy_file())}, claims)), "") << count;
  }
  Claims claims;
  claims.zip64 = true;
  for (const std::int64_t count : {std::int64_t{1} << 33, std::numeric_limits<std::int64_t>::max()}) {
    claims.entries = count;
    EXPECT_NE(refusal(archive({entry("table.npy", npy_file())}, claims)), "") << count;
  }
}

TEST(npz, an_entry_that_is_no_npy_file_in_spite_of_its_name_is_refused) {
  EXPECT_NE(refusal(archive({entry("table.npy", "hello")})), "");
  EXPECT_NE(refusal(archive({entry("table.npy", npy_file().substr(0, 150))})), "");
}

TEST(npz, other_files_are_refused) {
  for (const std::string& file : {std::string(), std::string("PK\3\4"), std::string(1000, '\0'), npy_file(), std::string("PK\5\6")}) {
    EXPECT_EQ(refusal(file), "not a valid .npz: it has no zip directory at its end");
  }
}

TEST(npz, damaged_bytes_are_refused_or_read_but_never_crash) {
  Entry large = entry("table.npy", npy_file(), true);
  large.zip64 = true;
  Claims claims;
  claims.zip64 = true;
  const std::string file = archive({large, entry("other.npy", npy_file())}, claims);
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const char byte : {'\0', '\1', '\x7f', '\x80', '\xff'}) {
      std::string damaged = file;
      damaged[at] = byte;
      EXPECT_NE(refusal(damaged), "not malformed") << at << " " << static_cast<int>(byte);
    }
  }
}

/// Keeps what lies outside long stretches of data, so that archives larger than memory can be looked at.
class CountingSink : public Sink {
 public:
  using Sink::write;
  void write(std::span<const std::byte> bytes) override {
    if (bytes.size() < kLong) kept.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    written += static_cast<Index>(bytes.size());
  }
  bool can_patch() const override { return true; }
  void patch(Index, std::span<const std::byte>) override {}

  static constexpr std::size_t kLong = 1 << 20;
  std::string kept;
  Index written = 0;
};

std::uint64_t number_at(const std::string& text, std::size_t at, int bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < bytes; ++i) number |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)])) << (8 * i);
  return number;
}

TEST(npz, entries_and_offsets_beyond_4_gib_are_written_in_zip64_fields) {
  constexpr Index kSize = (Index{1} << 32) + (Index{64} << 20);   // 4 GiB and 64 MiB
  const std::vector<std::byte> block(std::size_t{64} << 20);
  CountingSink sink;
  ZipWriter zip(sink);
  zip.add_entry("large", kSize, [&](const ZipWriter::Consume& consume) {
    for (Index written = 0; written < kSize; written += static_cast<Index>(block.size())) consume(block);
  });
  zip.add_entry("behind", 3, [](const ZipWriter::Consume& consume) { consume(std::as_bytes(std::span("abc", 3))); });
  zip.finish();

  const std::string& text = sink.kept;   // local header, local header and data, directory
  EXPECT_EQ(number_at(text, 0, 4), 0x04034b50u);
  EXPECT_EQ(number_at(text, 4, 2), 45u);                        // version that knows zip64
  EXPECT_EQ(number_at(text, 18, 4), kFull);
  EXPECT_EQ(number_at(text, 22, 4), kFull);
  EXPECT_EQ(number_at(text, 28, 2), 20u);                       // the extra field: id, length, two sizes
  EXPECT_EQ(number_at(text, 35, 2), 1u);
  EXPECT_EQ(number_at(text, 39, 8), static_cast<std::uint64_t>(kSize));
  EXPECT_EQ(number_at(text, 47, 8), static_cast<std::uint64_t>(kSize));
  const std::size_t second = text.find("PK\3\4", 4), central = text.find("PK\1\2"), other = text.find("PK\1\2", central + 4);
  EXPECT_EQ(number_at(text, second + 18, 4), 3u);
  EXPECT_EQ(number_at(text, central + 46 + 5, 2), 1u);
  EXPECT_EQ(number_at(text, central + 46 + 9, 8), static_cast<std::uint64_t>(kSize));
  EXPECT_EQ(number_at(text, other + 42, 4), kFull);             // the offset of the second entry
  EXPECT_EQ(number_at(text, other + 46 + 6 + 2, 2), 8u);        // its extra field holds that alone
  EXPECT_EQ(number_at(text, other + 46 + 6 + 4, 8), static_cast<std::uint64_t>(kSize + 55));   // behind 30 + 5 + 20 bytes of header and the data
  const std::size_t end64 = text.find("PK\6\6");
  EXPECT_EQ(number_at(text, end64 + 24, 8), 2u);
  EXPECT_EQ(number_at(text, end64 + 48, 8), static_cast<std::uint64_t>(kSize + 55 + 39));
  EXPECT_EQ(number_at(text, text.size() - 6, 4), kFull);
  EXPECT_EQ(sink.written, kSize + static_cast<Index>(text.size()));
}

}  // namespace
}  // namespace pe
