// Frequencies w_i = base^(-2i/D) scaled for longer texts. F is the factor, O the original length, L the length of the table.
//   linear    w_i / F                                       Chen et al. 2023, arXiv:2306.15595
//   ntk       base * F^(D/(D-2)) for base                   bloc97 2023, "NTK-aware scaled RoPE"
//   dynamic   base * (F L/O - (F-1))^(D/(D-2)) for base once L > O
//   yarn      w_i (1-r_i) + w_i/F r_i, r a ramp from 0 to 1 Peng et al. 2023, arXiv:2309.00071, section 3
//   longrope  w_i / s_i, s given                            Ding et al. 2024, arXiv:2402.13753
//   llama3    w_i, w_i/F or between, by wavelength          Meta 2024, Llama 3.1

#include "core/rope_scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/arrays.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/rotary.h"

namespace pe {
namespace {

/// 1 when F <= 1, else s/10 ln F + 1: how much sharper attention gets in yarn, equation 22.
Real yarn_mscale(double factor, double s) { return factor <= 1 ? Real(1) : Real(s) * log(Real(factor)) / Real(10) + Real(1); }

/// One scaling at work.
class Scaler {
 public:
  Scaler(const std::string& scheme, double base, Index rotated, double length, const RopeScaling& config)
      : scheme_(scheme), base_(base), rotated_(rotated), length_(length), config_(config), made_{ladder(base), base, 1, 1, {}, {}} {}

  ScaledFrequencies scale() {
    const std::string& scaling = config_.scaling;
    if (scaling == "linear") divide_all();
    if (scaling == "ntk") raise_base(Real(factor()));
    if (scaling == "dynamic") dynamic();
    if (scaling == "yarn") yarn();
    if (scaling == "longrope") longrope();
    if (scaling == "llama3") llama3();
    mark_lengths();
    return std::move(made_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw Error(fmt::format("{}: {}", scheme_, what)); }

  void tell(const char* name, Value value) { made_.facts.push_back({name, std::move(value)}); }

  void mark(const char* name, Mark::Of of, const Real& low, const Real& high) {
    made_.marks.push_back({name, of, {static_cast<double>(low), static_cast<double>(high)}});
  }

  /// O, and F O where that is how long texts become: linear and ntk know no O, dynamic follows the length of the table, and Llama 3.1
  /// reaches twice F O.
  void mark_lengths() {
    const std::string& scaling = config_.scaling;
    if (scaling == "none" || scaling == "linear" || scaling == "ntk") return;
    mark("trained length", Mark::Of::wavelength, original_length(), original_length());
    if ((scaling != "yarn" && scaling != "longrope") || !config_.factor) return;
    const Real target = Real(*config_.factor) * Real(original_length());
    mark("target length", Mark::Of::wavelength, target, target);
  }

  double factor() const {
    if (!config_.factor) refuse(fmt::format("--scaling {} needs --factor", config_.scaling));
    return *config_.factor;
  }

  double original_length() const {
    if (!config_.original_length) refuse(fmt::format("--scaling {} needs --original-length", config_.scaling));
    return static_cast<double>(*config_.original_length);
  }

  std::vector<Real> ladder(const Real& base) const { return frequency_ladder(base, rotated_ / 2, "geometric"); }

  void divide_all() {
    for (Real& frequency : made_.frequencies) frequency = frequency / Real(factor());
  }

  /// base * stretch^(D/(D-2)) for base: the first frequency stays, the last falls by `stretch`.
  void raise_base(const Real& stretch) {
    if (rotated_ == 2) refuse(fmt::format("--scaling {} needs more than 2 rotated columns", config_.scaling));
    const auto d = static_cast<double>(rotated_);
    const Real raised = Real(base_) * pow(stretch, Real(d) / Real(d - 2));
    made_.frequencies = ladder(raised);
    made_.base = static_cast<double>(raised);
  }

  void dynamic() {
    const double f = factor(), original = original_length();
    tell("length", fmt::format("{}, {} the original length {}", length_, length_ > original ? "beyond" : "within", original));
    raise_base(Real(f) * Real(std::max(length_, original)) / Real(original) - (Real(f) - Real(1)));
  }

  /// The number of the frequency that makes `turns` turns in the original length: D ln(O / (2 pi turns)) / (2 ln base).
  Real correction(double turns) const {
    return Real(static_cast<double>(rotated_)) * log(Real(original_length()) / (Real::two_pi() * Real(turns))) / (Real(2) * log(Real(base_)));
  }

  void yarn() {
    if (base_ <= 1) refuse(fmt::format("--base {} has no correction range; --scaling yarn needs more than 1", base_));
    if (config_.beta_fast < config_.beta_slow) refuse(fmt::format("--beta-fast {} is below --beta-slow {}", config_.beta_fast, config_.beta_slow));
    const Real f = factor(), limit = static_cast<double>(rotated_ - 1);
    Real low = correction(config_.beta_fast), high = correction(config_.beta_slow);
    if (!config_.no_truncate) {
      low = std::floor(static_cast<double>(low));
      high = std::ceil(static_cast<double>(high));
    }
    low = std::max(low, Real(0));
    high = std::min(high, limit);
    if (!(low < high) && !(high < low)) high = high + Real(1) / Real(1000);
    std::vector<double> ramp;
    for (std::size_t i = 0; i < made_.frequencies.size(); ++i) {
      const Real r = std::clamp((Real(static_cast<double>(i)) - low) / (high - low), Real(0), Real(1));
      Real& frequency = made_.frequencies[i];
      frequency = frequency * (Real(1) - r) + frequency / f * r;
      ramp.push_back(static_cast<double>(r));
    }
    mark("yarn ramp", Mark::Of::frequency, low, high);
    tell("correction range", std::vector<double>{static_cast<double>(low), static_cast<double>(high)});
    tell("ramp", numbers_fact(ramp));
    yarn_factors();
  }

  void yarn_factors() {
    const double f = factor(), all_dim = config_.mscale_all_dim.value_or(0), mscale = config_.mscale.value_or(0);
    const bool has_both = mscale != 0 && all_dim != 0;
    const Real derived = has_both ? yarn_mscale(f, mscale) / yarn_mscale(f, all_dim) : yarn_mscale(f, 1);
    made_.attention_factor = config_.attention_factor.value_or(static_cast<double>(derived));
    if (all_dim != 0) made_.softmax_factor = static_cast<double>(yarn_mscale(f, all_dim) * yarn_mscale(f, all_dim));
    if (!has_both && (config_.mscale || config_.mscale_all_dim)) {
      tell("mscale", std::string("one without the other, or 0, leaves the attention factor as it is (as in Hugging Face)"));
    }
  }

  /// The n divisors of one option, checked.
  const std::vector<double>& divisors(const char* option, const ArrayPtr& array) const {
    const std::size_t n = made_.frequencies.size();
    const std::string what = fmt::format("{}: --{}", scheme_, option);
    if (array->shape.size() != 1 || array->values.size() != n) refuse_shape(what, *array, fmt::format("[{}], one number per frequency", n));
    for (const double s : array->values) {
      if (!(s >= 1e-6 && s <= 1e6)) refuse_array(what, *array, fmt::format("{} is not in 1e-06..1e+06", s));
    }
    return array->values;
  }

  void longrope() {
    const double original = original_length();
    const bool is_long = length_ > original;
    const char* option = is_long ? "long-factor" : "short-factor";
    const std::string why = fmt::format("length {} is {} the original length {}", length_, is_long ? "beyond" : "within", original);
    if (config_.short_factor) divisors("short-factor", config_.short_factor);
    if (config_.long_factor) divisors("long-factor", config_.long_factor);
    const ArrayPtr& chosen = is_long ? config_.long_factor : config_.short_factor;
    if (!chosen) refuse(fmt::format("--scaling longrope needs --{}: {}", option, why));
    for (std::size_t i = 0; i < made_.frequencies.size(); ++i) made_.frequencies[i] = made_.frequencies[i] / Real(chosen->values[i]);
    tell("factor list", fmt::format("{}: {}", option, why));
    tell(option, numbers_fact(chosen->values));
    made_.attention_factor = longrope_factor(original);
  }

  double longrope_factor(double original) const {
    if (config_.factor && config_.attention_factor) {
      refuse("--factor only derives the attention factor of longrope: it does not go with --attention-factor");
    }
    if (config_.attention_factor) return *config_.attention_factor;
    if (!config_.factor) refuse("--scaling longrope needs --factor or --attention-factor");
    if (*config_.factor <= 1) return 1;
    if (original <= 1) refuse(fmt::format("--original-length {} has no logarithm to divide by; needs 2 or more", original));
    return std::sqrt(static_cast<double>(Real(1) + log(Real(*config_.factor)) / log(Real(original))));
  }

  void llama3() {
    const Real f = factor(), original = original_length(), low = config_.low_freq_factor, high = config_.high_freq_factor;
    if (!(low < high)) {
      refuse(fmt::format("--low-freq-factor {} is not below --high-freq-factor {}", config_.low_freq_factor, config_.high_freq_factor));
    }
    const Real kept_below = original / high, divided_above = original / low;   // wavelengths in positions
    Index kept = 0, divided = 0;
    for (Real& frequency : made_.frequencies) {
      const Real wavelength = Real::two_pi() / frequency;
      if (wavelength < kept_below) {
        ++kept;
      } else if (divided_above < wavelength) {
        ++divided;
        frequency = frequency / f;
      } else {
        const Real t = (original / wavelength - low) / (high - low);
        frequency = (Real(1) - t) * frequency / f + t * frequency;
      }
    }
    mark("llama3 band before scaling", Mark::Of::wavelength, kept_below, divided_above);
    tell("wavelengths of the band", std::vector<double>{static_cast<double>(kept_below), static_cast<double>(divided_above)});
    tell("frequencies", fmt::format("{} kept, {} between, {} divided by {}", kept, static_cast<Index>(made_.frequencies.size()) - kept - divided,
                                    divided, *config_.factor));
  }

  const std::string& scheme_;
  double base_;
  Index rotated_;
  double length_;
  const RopeScaling& config_;
  ScaledFrequencies made_;
};

}  // namespace

ScaledFrequencies scaled_frequencies(const std::string& scheme, double base, Index rotated, double length, const RopeScaling& config) {
  return Scaler(scheme, base, rotated, length, config).scale();
}

}  // namespace pe
