// mrope: tokens of a sequence of text, images and videos have a position on each of three axes, t (frame), h (row) and w (column); a
// share of the frequencies w_i = base^(-2i/D) turns with each. Text has the same position on all axes and so turns as in rope.
// Wang et al. 2024, arXiv:2409.12191, section 2.1 (Qwen2-VL).

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/axes.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/rotary.h"
#include "core/segments.h"

namespace pe {
namespace {

struct Mrope : CommonConfig {
  std::string segments = "text:8 image:1x4x6 text:5 video:4x4x6";
  Index merge = 2;
  std::vector<double> sections{16, 24, 24};
  std::string arrange = "blocks";
  double base = 1e6;
  std::string time = "frames";
  std::vector<double> seconds_per_grid{1};
  double tokens_per_second = 2;
  std::string layout = "half";
};

constexpr std::array<const char*, 3> kAxes{"t", "h", "w"};

/// Tokens that follow one another: a text, or the frames of an image or a video after merging.
struct Block {
  Index first_token = 0, first_position = 0;
  Index frames = 1, height = 1, width = 1;   ///< a text is one row
  bool is_text = false;
  double seconds = -1, per_second = 1;       ///< of a frame; below 0: frames count by themselves, 0: all at once

  Index tokens() const { return frames * height * width; }

  /// How far frame f is from the first: trunc(f * seconds * per_second), multiplied in f32 from left to right as upstream does.
  Index time(Index frame) const {
    if (seconds < 0) return frame;
    return static_cast<Index>(static_cast<float>(frame) * static_cast<float>(seconds) * static_cast<float>(per_second));
  }

  Index position(Index token, std::size_t axis) const {
    const Index in_frame = token % (height * width);
    if (is_text) return first_position + token;
    const Index offsets[] = {time(token / (height * width)), in_frame / width, in_frame % width};
    return first_position + offsets[axis];
  }

  /// The first position that is free behind the block.
  Index next() const { return first_position + (is_text ? width : std::max({time(frames - 1) + 1, height, width})); }
};

/// Where every token stands.
class Sequence {
 public:
  explicit Sequence(const Mrope& config) : config_(config) {
    const std::vector<Segment> segments = parse_segments("mrope", config.segments, {"text", "image", "video"});
    const auto videos = static_cast<std::size_t>(std::count_if(segments.begin(), segments.end(), [](const Segment& s) { return s.kind == "video"; }));
    const std::size_t given = config.seconds_per_grid.size();
    if (given != 1 && given != videos) {
      throw Error(fmt::format("mrope: --seconds-per-grid has {} values; needs 1, or one per video ({})", given, videos));
    }
    std::size_t video = 0;
    for (const Segment& segment : segments) {
      runs_.push_back(run_of(segment, tokens_, config.merge));
      add(segment, segment.kind == "video" ? video++ : 0);
    }
  }

  Index tokens() const { return tokens_; }
  Index next_position() const { return blocks_.back().next(); }
  const std::vector<TokenRun>& runs() const { return runs_; }

  double position(Index token, std::size_t axis) const {
    const Block& block = block_of(blocks_, token);
    return static_cast<double>(block.position(token - block.first_token, axis));
  }

 private:
  void add(const Segment& segment, std::size_t video) {
    Block block{0, 0, segment.frames, segment.height, segment.width, segment.kind == "text"};
    if (block.is_text) return append(block);
    for (const Index size : {segment.height, segment.width}) {
      if (size % config_.merge != 0) throw Error(fmt::format("mrope: {}: --merge {} does not divide {}", segment.where, config_.merge, size));
    }
    block.height /= config_.merge;
    block.width /= config_.merge;
    if (config_.time == "seconds") {
      const std::vector<double>& seconds = config_.seconds_per_grid;
      block.seconds = segment.kind == "image" ? 0 : seconds.size() == 1 ? seconds[0] : seconds[video];
      block.per_second = config_.tokens_per_second;
    }
    if (static_cast<double>(block.frames) * std::max(block.seconds, 1.0) * block.per_second > kMaxPosition) {
      throw Error(fmt::format("mrope: {}: its last frame is beyond position {}", segment.where, kMaxPosition));
    }
    if (config_.time != "blocks" || segment.kind == "image") return append(block);
    block.frames = 1;
    for (Index frame = 0; frame < segment.frames; ++frame) append(block);
  }

  void append(Block block) {
    block.first_token = tokens_;
    block.first_position = blocks_.empty() ? 0 : blocks_.back().next();
    tokens_ += block.tokens();
    blocks_.push_back(block);
  }

  const Mrope& config_;
  std::vector<Block> blocks_;
  std::vector<TokenRun> runs_;
  Index tokens_ = 0;
};

/// Which axis frequency i of n turns with.
std::size_t axis_of(const Mrope& config, Index i) {
  const auto section = [&](std::size_t axis) { return static_cast<Index>(config.sections[axis]); };
  if (config.arrange == "blocks") return i < section(0) ? 0 : i < section(0) + section(1) ? 1 : 2;
  const auto axis = static_cast<std::size_t>(i % 3);
  return axis > 0 && i < 3 * section(axis) ? axis : 0;
}

void check_sections(const Mrope& config) {
  if (config.sections.size() != kAxes.size()) {
    throw Error(fmt::format("mrope: --sections has {} numbers; needs 3, for t, h and w", config.sections.size()));
  }
  for (const double section : config.sections) {
    if (section != std::floor(section)) throw Error(fmt::format("mrope: --sections: {} is not a whole number", section));
  }
}

Tables tables(const Mrope& config) {
  check_sections(config);
  const auto n = static_cast<Index>(std::accumulate(config.sections.begin(), config.sections.end(), 0.0));
  const auto sequence = std::make_shared<const Sequence>(config);
  const TokenPosition position = [sequence](Index token, std::size_t axis) { return sequence->position(token, axis); };
  RotaryTable table;
  for (std::size_t axis = 0; axis < kAxes.size(); ++axis) {
    WaveAxis wave_axis{kAxes[axis], {}, {}, [position, axis](Index token) { return position(token, axis); }};
    wave_axis.positions.count = sequence->next_position();
    table.waves.axes.push_back(std::move(wave_axis));
  }
  const std::vector<Real> ladder = frequency_ladder(config.base, n, "geometric");
  for (Index i = 0; i < n; ++i) {
    const std::size_t axis = axis_of(config, i);
    table.angles.push_back({axis, table.waves.axes[axis].frequencies.size()});
    table.waves.axes[axis].frequencies.push_back(ladder[static_cast<std::size_t>(i)]);
  }
  table.waves.aligned = true;
  table.waves.aligned_rows = sequence->tokens();
  table.waves.arithmetic = arithmetic(config);
  table.layout = config.layout;
  table.row_name = "token";

  Tables made = rotary_tables("mrope", table, config, 2 * n);
  made.tensors.push_back(positions_tensor("position_ids", 3, sequence->tokens(), Dtype::i64, {0, static_cast<double>(sequence->next_position() - 1)},
                                          position));
  made.tensors.back().runs = sequence->runs();
  made.label = fmt::format("{}-{}", 2 * n, sequence->tokens());
  made.row_axis = "token";
  made.facts.push_back({"next position", sequence->next_position()});
  return made;
}

}  // namespace

Scheme mrope() {
  using C = Mrope;
  const OptionRules timed{.low = 0, .high = 1e6, .when = "time", .when_is = {"seconds"}};
  std::vector<Option> options{
      option<C>("segments", &C::segments, "the sequence: text:TOKENS, image:HxW or TxHxW patches, video:TxHxW patches", {.headline = true}),
      option<C>("merge", &C::merge, "this many patches squared become one token", {.low = 1, .high = 1e6}),
      option<C>("sections", &C::sections, "frequencies that turn with t, h and w; the head has twice their sum",
                {.low = 1, .high = 10000, .headline = true}),
      option<C>("arrange", &C::arrange, "blocks: the first section with t, the next with h, the last with w; interleaved: t h w t h w ..., then t",
                {.choices = {"blocks", "interleaved"}}),
      option<C>("base", &C::base, kBaseHelp, kBaseRules),
      option<C>("time", &C::time, "t of a video: its frame number; frames by the seconds between them; or each frame a block of its own",
                {.choices = {"frames", "seconds", "blocks"}}),
      option<C>("seconds-per-grid", &C::seconds_per_grid, "seconds from one frame to the next, for all videos or one per video", timed),
      option<C>("tokens-per-second", &C::tokens_per_second, "positions per second", timed),
      option<C>("layout", &C::layout, kRotaryLayoutHelp, {.choices = kRotaryLayouts}),
  };
  return describe<C>(
      {"mrope", "rotary", "rotations by frame, row and column of the tokens of text, images and videos",
       {"w_i = base^(-2i/D), i = 0..D/2-1, D = 2 * the sum of the sections; angle i of a token is w_i times its t, h or w",
        "text counts on, t = h = w; an image or video at the first free position s has s + frame, s + row, s + column",
        "what follows starts at the largest position of the block on any axis + 1",
        "seconds: t = s + trunc(frame * seconds-per-grid * tokens-per-second), an image's t is s",
        "interleaved: frequency i turns with h when i mod 3 = 1 and i < 3 * section h, with w when i mod 3 = 2 and i < 3 * section w, else with t"},
       {"Wang et al. 2024, Qwen2-VL, section 2.1, arXiv:2409.12191", "Bai et al. 2025, Qwen2.5-VL Technical Report, arXiv:2502.13923",
        "QwenLM/Qwen3-VL get_rope_index_2, get_rope_index_25, get_rope_index_3"}},
      std::move(options),
      {{"qwen2-vl", "sections one after the other, t is the frame number", {}},
       {"qwen2.5-vl", "as qwen2-vl, t follows the seconds of a video", {{"time", "seconds"}}},
       {"qwen3-vl", "frequencies of t, h and w take turns; every frame of a video is a block of its own",
        {{"base", "5000000"}, {"sections", "24,20,20"}, {"arrange", "interleaved"}, {"time", "blocks"}}}},
      {"segments", "table", "spectrum"}, tables);
}

}  // namespace pe
