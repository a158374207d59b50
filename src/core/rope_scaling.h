#pragma once
#include <string>
#include <vector>

#include "core/real.h"
#include "core/scheme.h"

namespace pe {

/// How the frequencies of a trained model are changed to run it on longer texts (`--scaling`), as Hugging Face's rope utilities do.
struct RopeScaling {
  std::string scaling = "none";
  OptionalNumber factor;
  OptionalIndex original_length;
  OptionalNumber attention_factor;
  double beta_fast = 32, beta_slow = 1;
  bool no_truncate = false;
  OptionalNumber mscale, mscale_all_dim;
  ArrayPtr short_factor, long_factor;
  double low_freq_factor = 1, high_freq_factor = 4;
};

/// Frequencies i < D/2 in radians per position, and the numbers behind them.
struct ScaledFrequencies {
  std::vector<Real> frequencies;
  double base = 1;               ///< ntk and dynamic raise it
  double attention_factor = 1;   ///< multiplies cos and sin
  double softmax_factor = 1;     ///< multiplies the softmax scale 1/sqrt(d) elsewhere, not the tables
  std::vector<Fact> facts;
  std::vector<Mark> marks;       ///< the lengths and the range of frequencies that the scaling speaks of
};

/// `rotated` is D, `length` the largest position of the table + 1. Throws Error when the scaling lacks a number or cannot use one.
ScaledFrequencies scaled_frequencies(const std::string& scheme, double base, Index rotated, double length, const RopeScaling& config);

template <class Config>
std::vector<Option> scaling_options() {
  using C = RopeScaling;
  const OptionRules positive{.low = 1e-6, .high = 1e6};
  const auto with = [](OptionRules rules, std::vector<std::string> scalings) { return only_with(std::move(rules), "scaling", std::move(scalings)); };
  OptionRules mscale = with({.low = 0, .high = 1e6}, {"yarn"});
  mscale.unless = {"attention-factor"};
  return {
      option<Config>("scaling", &C::scaling, "for texts longer than the model was trained on",
                     {.choices = {"none", "linear", "ntk", "dynamic", "yarn", "longrope", "llama3"}, .headline = true}),
      option<Config>("factor", &C::factor, "F, how many times longer (longrope: the model's maximum length / the original length)",
                     with(positive, {"linear", "ntk", "dynamic", "yarn", "longrope", "llama3"})),
      option<Config>("original-length", &C::original_length, "O, positions the model was trained on",
                     with({.low = 1, .high = 1e12}, {"dynamic", "yarn", "longrope", "llama3"})),
      option<Config>("attention-factor", &C::attention_factor, "multiplies cos and sin, in place of the derived factor",
                     with(positive, {"yarn", "longrope"})),
      option<Config>("beta-fast", &C::beta_fast, "turns in O positions from which on a frequency is kept", with(positive, {"yarn"})),
      option<Config>("beta-slow", &C::beta_slow, "turns in O positions up to which a frequency is divided by F", with(positive, {"yarn"})),
      option<Config>("no-truncate", &C::no_truncate, "the correction range is not rounded to whole frequencies (gpt-oss)", with({}, {"yarn"})),
      option<Config>("mscale", &C::mscale, "with mscale-all-dim, the numerator of the attention factor", mscale),
      option<Config>("mscale-all-dim", &C::mscale_all_dim, "with mscale, the denominator; also gives the separate softmax factor", mscale),
      option<Config>("short-factor", &C::short_factor, "n divisors of the frequencies up to O positions: file or list", with({}, {"longrope"})),
      option<Config>("long-factor", &C::long_factor, "n divisors of the frequencies beyond O positions: file or list", with({}, {"longrope"})),
      option<Config>("low-freq-factor", &C::low_freq_factor, "frequencies that turn less often in O positions are divided by F",
                     with(positive, {"llama3"})),
      option<Config>("high-freq-factor", &C::high_freq_factor, "frequencies that turn more often in O positions are kept",
                     with(positive, {"llama3"})),
  };
}

}  // namespace pe
