#pragma once
#include "core/random.h"
#include "core/scheme.h"

namespace pe {

/// Whose random numbers a scheme draws, and where they start.
struct SeedConfig {
  Index seed = 0;
  std::string rng = "torch";
};

/// `counts` says when anything is drawn at all (its `when`, `when_is` and `unless`).
template <class Config>
std::vector<Option> seed_options(OptionRules counts = {}) {
  OptionRules seed = counts, rng = std::move(counts);
  seed.low = 0;
  seed.headline = true;
  rng.choices = kGenerators;
  return {option<Config>("seed", &SeedConfig::seed, "of the random numbers", std::move(seed)),
          option<Config>("rng", &SeedConfig::rng, "whose random numbers: after torch.manual_seed(seed), or of numpy.random.RandomState(seed)",
                         std::move(rng))};
}

/// The generator of a run. Throws Error when the framework has no such seed.
std::unique_ptr<Random> make_random(const SeedConfig& config);

/// How a table is initialised.
struct InitConfig : SeedConfig {
  std::string init = "normal";
  double std = 1;
  Range trunc{-2, 2};
  double low = 0, high = 1;
  double value = 0;
};

/// `counts` says when a table is initialised at all (its `when`, `when_is` and `unless`).
template <class Config>
std::vector<Option> init_options(OptionRules counts = {}) {
  constexpr double kLargest = 1e30;   // well inside f32
  counts.choices = {"normal", "trunc-normal", "uniform", "zeros", "constant"};
  const OptionRules uniform{.low = -kLargest, .high = kLargest, .when = "init", .when_is = {"uniform"}};
  std::vector<Option> options{
      option<Config>("init", &InitConfig::init, "how the values are drawn", std::move(counts)),
      option<Config>("std", &InitConfig::std, "standard deviation before any cut",
                     {.low = 1e-30, .high = kLargest, .when = "init", .when_is = {"normal", "trunc-normal"}}),
      option<Config>("trunc", &InitConfig::trunc, "the normal is cut to these values",
                     {.low = -kLargest, .high = kLargest, .when = "init", .when_is = {"trunc-normal"}}),
      option<Config>("low", &InitConfig::low, "least value", uniform),
      option<Config>("high", &InitConfig::high, "upper end of the values", uniform),
      option<Config>("value", &InitConfig::value, "of every cell", {.low = -kLargest, .high = kLargest, .when = "init", .when_is = {"constant"}})};
  append(options, seed_options<Config>({.when = "init", .when_is = {"normal", "trunc-normal", "uniform"}}));
  return options;
}

/// The same tensors (name, axes, type) with initial values, drawn one tensor after the other from one generator when any of them
/// is first used. Throws Error when the values of the options do not go together, or the tables do not fit in memory.
std::vector<Tensor> initialised(const InitConfig& config, std::vector<Tensor> tensors);

}  // namespace pe
