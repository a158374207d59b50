// rope-tie: text at (n, n) and images in a square between the texts around them, so that a text between images keeps its 1-D rotation.
// Su 2024, kexue.fm/archives/10040 (v1 and its integer variant) and 10352 (v2).

#include <fmt/format.h>

#include "core/axes.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/rotary.h"
#include "core/segments.h"

namespace pe {
namespace {

struct RopeTie : CommonConfig {
  std::string segments = "text:4 image:3x5 text:3";
  Index start = 1;
  std::string spread = "even";
  OptionalIndex head_dim;
  double base = 10000;
  std::string layout = "interleaved";
};

/// A text or an image whose tokens follow one another, behind position `last`.
struct Block {
  Index first_token = 0;
  Index last = 0;                   ///< the last position used before
  Index height = 1, width = 1;      ///< a text is one row
  bool is_text = false;
};

/// Where every token stands.
class Sequence {
 public:
  explicit Sequence(const RopeTie& config) : spread_(config.spread) {
    Index last = config.start - 1;
    for (const Segment& segment : parse_segments("rope-tie", config.segments, {"text", "image"})) {
      if (segment.frames != 1) throw Error(fmt::format("rope-tie: {}: an image has one frame; write image:HxW", segment.where));
      runs_.push_back(run_of(segment, tokens_));
      blocks_.push_back({tokens_, last, segment.height, segment.width, segment.kind == "text"});
      tokens_ += segment.size();
      last += positions_of(blocks_.back());
    }
    last_ = last;
  }

  Index tokens() const { return tokens_; }
  Index last_position() const { return last_; }
  const std::vector<TokenRun>& runs() const { return runs_; }

  double position(Index token, std::size_t axis) const {
    const Block& block = block_of(blocks_, token);
    const Index number = token - block.first_token;
    const auto last = static_cast<double>(block.last);
    if (block.is_text) return last + static_cast<double>(number + 1);
    const Index own = axis == 0 ? number / block.width + 1 : number % block.width + 1;   // x = 1..h, y = 1..w
    const Index size = axis == 0 ? block.height : block.width, other = axis == 0 ? block.width : block.height;
    const Index area = block.height * block.width;
    if (spread_ == "even") return last + static_cast<double>(own * (area + 1)) / static_cast<double>(size + 1);
    if (spread_ == "whole") return last + static_cast<double>(own * (other + 1));
    return last + static_cast<double>(area - size) / 2 + static_cast<double>(own);
  }

 private:
  /// From the last position before the block to the last that it uses up.
  Index positions_of(const Block& block) const {
    if (spread_ == "whole" && !block.is_text) return (block.width + 1) * (block.height + 1) - 1;
    return block.width * block.height;
  }

  std::string spread_;
  std::vector<Block> blocks_;
  std::vector<TokenRun> runs_;
  Index tokens_ = 0, last_ = 0;
};

/// The D/2 angles of 1-D rope: even ones turn with the row, odd ones with the column.
RotaryTable rotary_table(std::shared_ptr<const Sequence> sequence, const RopeTie& config) {
  RotaryTable table;
  Positions half_steps;   // all that v2 and texts use; what v1 puts between is computed by itself
  half_steps.first = static_cast<double>(config.start);
  half_steps.step = 0.5;
  half_steps.count = 2 * (sequence->last_position() - config.start) + 1;
  for (const std::size_t axis : {0, 1}) {
    table.waves.axes.push_back({axis == 0 ? "h" : "w", {}, half_steps, [sequence, axis](Index token) { return sequence->position(token, axis); }});
  }
  const std::vector<Real> ladder = frequency_ladder(config.base, *config.head_dim / 2, "geometric");
  for (std::size_t j = 0; j < ladder.size(); ++j) {
    table.waves.axes[j % 2].frequencies.push_back(ladder[j]);
    table.angles.push_back({j % 2, j / 2});
  }
  table.waves.aligned = true;
  table.waves.aligned_rows = sequence->tokens();
  table.waves.arithmetic = arithmetic(config);
  table.layout = config.layout;
  table.row_name = "token";
  return table;
}

Tables tables(const RopeTie& config) {
  const auto sequence = std::make_shared<const Sequence>(config);
  Tables made;
  made.label = std::to_string(sequence->tokens());
  if (!config.head_dim && (config.dtype == "f16" || config.dtype == "bf16")) {
    throw Error(fmt::format("rope-tie: --dtype {} counts only with --head-dim; positions are f32 or f64", config.dtype));
  }
  if (config.head_dim) {
    require_multiple("rope-tie", "head-dim", *config.head_dim, 4);
    made = rotary_tables("rope-tie", rotary_table(sequence, config), config, *config.head_dim);
    made.label = fmt::format("{}-{}", *config.head_dim, sequence->tokens());
  }
  const Range range{static_cast<double>(config.start), static_cast<double>(sequence->last_position())};
  made.tensors.insert(made.tensors.begin(),
                      positions_tensor("positions", 2, sequence->tokens(), config.dtype == "f64" ? Dtype::f64 : Dtype::f32, range,
                                       [sequence](Index token, std::size_t axis) { return sequence->position(token, axis); }));
  made.tensors.front().runs = sequence->runs();
  made.row_axis = "token";
  made.facts.push_back({"next position", sequence->last_position() + 1});
  return made;
}

}  // namespace

Scheme rope_tie() {
  using C = RopeTie;
  std::vector<Option> options{
      option<C>("segments", &C::segments, "the sequence: text:TOKENS, image:HxW patches", {.headline = true}),
      option<C>("start", &C::start, "position of a text's first token at the beginning", {.low = -1e9, .high = 1e9}),
      option<C>("spread", &C::spread, "an image's cells: even: (hw+1)/(h+1) and (hw+1)/(w+1) apart; whole: w+1 and h+1; unit: 1, in the middle",
                {.choices = {"even", "whole", "unit"}}),
      option<C>("head-dim", &C::head_dim, "columns of a head; with it the rotations are made, too",
                {.low = 4, .high = kMaxHeadDim, .headline = true}),
      option<C>("base", &C::base, kBaseHelp, only_with(kBaseRules, "head-dim")),
      option<C>("layout", &C::layout, kRotaryLayoutHelp, only_with({.choices = kRotaryLayouts}, "head-dim")),
  };
  append(options, only_with(compute_options<C>(), "head-dim", {}));
  return describe<C>(
      {"rope-tie", "rotary", "positions (row, column) of text and images that agree with 1-D rotation on text",
       {"text at position n: (n, n); an image of h x w patches behind position L, patch (x, y), x = 1..h, y = 1..w:",
        "even (v1): (L + x (hw+1)/(h+1), L + y (hw+1)/(w+1)), then on at L + hw + 1",
        "whole (integer): (L + x (w+1), L + y (h+1)), then on at L + (w+1)(h+1)",
        "unit (v2): (L + (hw-h)/2 + x, L + (hw-w)/2 + y), then on at L + hw + 1",
        "w_j = base^(-2j/D), j = 0..D/2-1; even j turn with the row, odd j with the column"},
       {"Su 2024, kexue.fm/archives/10040 and kexue.fm/archives/10352", "Tencent-Hunyuan/HunyuanImage-3.0 build_2d_rope"}},
      std::move(options),
      {{"v1", "an image is spread evenly over as many positions as it has patches (kexue.fm 10040)", {}},
       {"integer", "the same with whole positions (kexue.fm 10040, first solution)", {{"spread", "whole"}}},
       {"v2", "unit steps in the middle of those positions (kexue.fm 10352; HunyuanImage 3: --start 0 --layout half)", {{"spread", "unit"}}}},
      {"segments", "table"}, tables);
}

}  // namespace pe
