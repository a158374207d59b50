// The header of .safetensors, whose layout stands in formats/safetensors.cpp.

#include "formats/support/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "formats/support/little_endian.h"
#include "formats/support/values.h"

namespace pe {
namespace {

constexpr std::string_view kMetadata = "__metadata__", kDtype = "dtype", kShape = "shape", kOffsets = "data_offsets";
constexpr std::size_t kMaxAxes = 64;   ///< as many as numpy and PyTorch can have
constexpr std::size_t kShown = 100;    ///< bytes of a name in a message

[[noreturn]] void malformed(const std::string& what) { pe::malformed("safetensors", what); }

/// Takes the JSON piece by piece: no more is kept of it than the layout asks for, whatever a header of 100 MB may hold.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  SafetensorsHeader header;

  bool start_object(std::size_t) override {
    if (depth_ == 2) refuse();
    ++depth_;
    return true;
  }

  bool end_object() override {
    if (depth_ == 2 && !in_metadata_ && keys_.size() != 3) refuse_entry();
    --depth_;
    return true;
  }

  bool key(string_t& word) override {
    if (depth_ == 2) {
      if (!in_metadata_ && word != kDtype && word != kShape && word != kOffsets) refuse_entry();
      if (!keys_.insert(word).second) malformed(fmt::format("its header has the key \"{}\" twice in one place", word.substr(0, kShown)));
      key_ = std::move(word);
      return true;
    }
    keys_.clear();
    in_metadata_ = word == kMetadata;
    if (!in_metadata_) header.entries.push_back({std::move(word), "", {}});
    if (in_metadata_ && std::exchange(has_metadata_, true)) malformed("its header has \"__metadata__\" twice");
    return true;
  }

  bool string(string_t& text) override {
    if (depth_ != 2 || in_list_ || (!in_metadata_ && key_ != kDtype)) refuse();
    if (!in_metadata_) header.entries.back().dtype = std::move(text);
    if (in_metadata_ && key_ == "description" && text.starts_with('{') && static_cast<Index>(text.size()) <= kMaxDescription) {
      header.description = std::move(text);
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (depth_ != 2 || in_metadata_ || in_list_ || key_ == kDtype) refuse();
    in_list_ = true;
    list_.clear();
    return true;
  }

  bool number_unsigned(number_unsigned_t number) override {
    if (!in_list_ || number >> 62 != 0) refuse();
    if (list_.size() == kMaxAxes) malformed(fmt::format("{} has more than {} axes", header.entries.back().shown(), kMaxAxes));
    list_.push_back(static_cast<Index>(number));
    return true;
  }

  bool end_array() override {
    SafetensorsEntry& entry = header.entries.back();
    in_list_ = false;
    if (key_ == kShape) {
      entry.shape = list_;
    } else {
      if (list_.size() != 2) refuse_entry();
      entry.begin = list_[0], entry.end = list_[1];
    }
    return true;
  }

  bool null() override { refuse(); }
  bool boolean(bool) override { refuse(); }
  bool number_integer(number_integer_t) override { refuse(); }
  bool number_float(number_float_t, const string_t&) override { refuse(); }
  bool binary(binary_t&) override { refuse(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { malformed("its header is not JSON"); }

 private:
  [[noreturn]] static void refuse() { malformed("its header holds something else than tensors and, in \"__metadata__\", texts"); }
  [[noreturn]] void refuse_entry() const {
    malformed(fmt::format("{} has something else than a dtype, a shape and data_offsets [begin, end]", header.entries.back().shown()));
  }

  int depth_ = 0;                ///< 1 in the header, 2 in a tensor or in the metadata
  bool in_metadata_ = false, has_metadata_ = false, in_list_ = false;
  std::set<std::string> keys_;   ///< seen in the tensor or in the metadata
  std::string key_;              ///< the last of them
  std::vector<Index> list_;
};

}  // namespace

std::string SafetensorsEntry::shown() const { return name.size() <= kShown ? name : name.substr(0, kShown) + "..."; }

SafetensorsHeader parse_safetensors_header(std::string_view text) {
  HeaderReader reader;
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  std::vector<std::string_view> names;
  for (const SafetensorsEntry& entry : reader.header.entries) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) malformed(fmt::format("it holds two tensors {}", twice->substr(0, kShown)));
  return std::move(reader.header);
}

}  // namespace pe
