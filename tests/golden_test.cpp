// The tables of reference implementations (tests/golden), made again in this process. A convention is right when they agree.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <map>

#include "analysis/resample.h"
#include "cli/arguments.h"
#include "cli/input.h"
#include "support.h"

namespace pe {
namespace {

struct Case {
  std::string id, tensor, file;
  std::vector<std::string> command;
  double atol = 0;   ///< covers the reference's own error
};

std::string golden(const std::string& file) { return std::string(PE_GOLDEN_FOLDER) + "/" + file; }

std::vector<Case> all_cases() {
  std::ifstream stream(golden("cases.json"));
  std::vector<Case> cases;
  for (const auto& item : nlohmann::json::parse(stream)) {
    cases.push_back({item["id"], item["tensor"], item["file"], item["command"], item["atol"]});
    for (std::string& word : cases.back().command) {
      if (word.starts_with("@")) word = golden(word.substr(1));
    }
  }
  return cases;
}

bool has_scheme(const std::string& name) {
  return std::any_of(all_schemes().begin(), all_schemes().end(), [&](const Scheme& scheme) { return scheme.text.name == name; });
}

bool is_resampling(const Case& golden_case) { return golden_case.command.front() == "resample"; }

/// What the command line would write, as it is stored.
Tensor made(const Case& golden_case) {
  Scheme scheme = is_resampling(golden_case) ? resampling() : find_scheme(golden_case.command.front());
  Arguments arguments(scheme.text.name, "");
  SchemeArguments chosen;
  std::string file;
  if (is_resampling(golden_case)) arguments.positional("FILE", "", file);
  add_scheme_options(arguments, scheme, chosen);
  arguments.parse(golden_case.command);
  if (!file.empty()) scheme = resampling(read_input(file).tensors.front());
  for (Tensor& t : scheme.open(chosen.like, chosen.settings).tables.tensors) {
    if (t.name == golden_case.tensor) return std::move(t);
  }
  throw Error(fmt::format("{} has no tensor {}", scheme.text.name, golden_case.tensor));
}

/// "" when the table is the expected one, else what differs.
std::string difference(const Tensor& got, const Tensor& want, double atol) {
  if (got.shape() != want.shape()) return fmt::format("shape {}, expected {}", shape_text(got), shape_text(want));
  if (is_integer(want.dtype) && !is_integer(got.dtype)) return fmt::format("type {}, expected an integer", name(got.dtype));
  if (components(want.dtype) != components(got.dtype)) return fmt::format("type {}, expected {}", name(got.dtype), name(want.dtype));
  const std::vector<double> found = stored(values(got), got.dtype), expected = values(want);
  double worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!std::isfinite(expected[i]) || !std::isfinite(found[i])) {
      const bool same = found[i] == expected[i] || (std::isnan(found[i]) && std::isnan(expected[i]));
      if (!same) return fmt::format("number {} is {}, expected {}", i, found[i], expected[i]);
      continue;
    }
    worst = std::max(worst, std::fabs(found[i] - expected[i]));
  }
  const double allowed = is_integer(want.dtype) ? 0 : atol;
  return worst <= allowed ? "" : fmt::format("largest difference {:.3g}, allowed {:.3g}", worst, allowed);
}

TEST(golden, every_case_of_a_known_scheme_or_of_resampling_agrees_with_its_reference) {
  std::map<std::string, int> waiting;
  int compared = 0;
  for (const Case& golden_case : all_cases()) {
    if (!is_resampling(golden_case) && !has_scheme(golden_case.command.front())) {
      ++waiting[golden_case.command.front()];
      continue;
    }
    ++compared;
    try {
      EXPECT_EQ(difference(made(golden_case), read_input(golden(golden_case.file)).tensors.front(), golden_case.atol), "") << golden_case.id;
    } catch (const Error& error) {
      ADD_FAILURE() << golden_case.id << ": " << error.what();
    }
  }
  EXPECT_GE(compared, 20);
  RecordProperty("compared", compared);
  for (const auto& [scheme, cases] : waiting) RecordProperty("waiting_for_" + scheme, cases);
}

TEST(golden, a_wrong_convention_does_not_hide_in_the_tolerances) {
  for (const Case& golden_case : all_cases()) {
    if (golden_case.id != "sincos1d-mae-64") continue;
    Case wrong = golden_case;
    wrong.command.insert(wrong.command.end(), {"--layout", "interleaved"});
    EXPECT_NE(difference(made(wrong), read_input(golden(wrong.file)).tensors.front(), wrong.atol), "");
    wrong = golden_case;
    wrong.command.insert(wrong.command.end(), {"--spacing", "endpoint"});
    EXPECT_NE(difference(made(wrong), read_input(golden(wrong.file)).tensors.front(), wrong.atol), "");
  }
}

}  // namespace
}  // namespace pe
