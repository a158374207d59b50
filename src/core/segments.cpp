#include "core/segments.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/scheme.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr std::string_view kSpace = " \t\n";

std::vector<Index> parse_sizes(const std::string& scheme, const std::string& where, const std::string& text) {
  std::vector<Index> sizes;
  for (const std::string& part : split(text, 'x')) {
    try {
      option_types::parse(part, {.low = 1, .high = static_cast<double>(kMaxTokens)}, sizes.emplace_back());
    } catch (const Error& error) {
      throw Error(fmt::format("{}: {}: size '{}' {}", scheme, where, part, error.what()));
    }
  }
  return sizes;
}

Segment parse_segment(const std::string& scheme, const std::string& word, std::size_t at, const std::vector<std::string>& kinds) {
  Segment segment;
  segment.where = fmt::format("--segments, at character {}: '{}'", at + 1, word);
  const auto refuse = [&](const std::string& what) { throw Error(fmt::format("{}: {}: {}", scheme, segment.where, what)); };
  const std::size_t colon = word.find(':');
  segment.kind = word.substr(0, colon);
  if (std::find(kinds.begin(), kinds.end(), segment.kind) == kinds.end()) {
    refuse(fmt::format("'{}' is not one of {}{}", segment.kind, join(kinds, ", "), nearest_hint(segment.kind, kinds)));
  }
  if (colon == std::string::npos) refuse("its size is missing; write text:8, image:4x6 or video:2x4x6");
  std::vector<Index> sizes = parse_sizes(scheme, segment.where, word.substr(colon + 1));
  if (segment.kind == "text") {
    if (sizes.size() != 1) refuse("a text has one size, its tokens");
    segment.width = sizes[0];
    return segment;
  }
  if (segment.kind == "image" && sizes.size() == 2) sizes.insert(sizes.begin(), 1);
  if (sizes.size() != 3) refuse(segment.kind == "image" ? "an image has the sizes HxW or TxHxW" : "a video has the sizes TxHxW");
  segment.frames = sizes[0];
  segment.height = sizes[1];
  segment.width = sizes[2];
  return segment;
}

}  // namespace

std::vector<Segment> parse_segments(const std::string& scheme, const std::string& text, const std::vector<std::string>& kinds) {
  std::vector<Segment> segments;
  Index tokens = 0;
  for (std::size_t at = text.find_first_not_of(kSpace); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    const Segment segment = parse_segment(scheme, text.substr(at, end - at), at, kinds);
    tokens += checked_product(checked_product(segment.frames, segment.height, segment.where), segment.width, segment.where);
    if (tokens > kMaxTokens || tokens < 0) {
      throw Error(fmt::format("{}: {}: the sequence is longer than {} tokens", scheme, segment.where, kMaxTokens));
    }
    segments.push_back(segment);
    at = text.find_first_not_of(kSpace, end);
  }
  if (segments.empty()) throw Error(fmt::format("{}: --segments is empty; write for example \"text:8 image:4x6 text:5\"", scheme));
  return segments;
}

TokenRun run_of(const Segment& segment, Index first, Index merge) {
  if (segment.kind == "text") return {first, first + segment.size(), {}, segment.kind};
  const std::vector<Index> sizes{segment.frames, segment.height / merge, segment.width / merge};
  return {first, first + sizes[0] * sizes[1] * sizes[2], sizes, segment.kind};
}

Tensor positions_tensor(std::string name, Index axes, Index tokens, Dtype dtype, Range range, TokenPosition position) {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.axes = {{"axis", axes}, {"token", tokens}};
  tensor.dtype = dtype;
  tensor.range = range;
  tensor.fill = [tokens, position = std::move(position)](Index axis, std::span<double> out) {
    for (Index token = 0; double& value : out) {
      value = position(token, static_cast<std::size_t>(axis));
      if (++token < tokens) continue;
      token = 0;
      ++axis;
    }
  };
  return tensor;
}

}  // namespace pe
