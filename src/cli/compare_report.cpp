#include "cli/compare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/units.h"
#include "core/arrays.h"
#include "core/stream.h"
#include "core/text.h"
#include "formats/support/number_text.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;
using Lines = std::vector<std::vector<std::string>>;

/// An element as its table holds it, to the last digit: "0.5", "0.5+0.25i".
std::string element_text(const Tensor& tensor, Index element) {
  Block block(tensor);
  block.move_to(element / tensor.columns_count(), 1);
  const BlockText numbers(block, tensor.dtype);
  const auto parts = static_cast<std::size_t>(components(tensor.dtype)), at = static_cast<std::size_t>(element % tensor.columns_count()) * parts;
  std::string text;
  numbers.append(text, at);
  if (parts == 1) return text;
  std::string imaginary;
  numbers.append(imaginary, at + 1);
  return text + (imaginary.starts_with('-') ? "" : "+") + imaginary + "i";
}

/// A difference in few digits; whole ones in all of them.
std::string size_text(double size) { return size == std::floor(size) && size < 1e15 ? fmt::format("{:.0f}", size) : fmt::format("{:.4g}", size); }

/// 99.9999 rather than 100 where not all are.
std::string percent_text(Index part, Index all) {
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(all);
  if (part == 0 || part == all) return fmt::format("{:.0f}", percent);
  for (int digits = 1; digits < 12; ++digits) {
    const std::string text = fmt::format("{:.{}f}", percent, digits);
    if (std::stod(text) > 0 && std::stod(text) < 100) return text;
  }
  return fmt::format("{}", percent);
}

/// Columns of equal width, two blanks apart.
std::string aligned(const Lines& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (std::size_t i = 0; i < line.size(); ++i) row += fmt::format("{:<{}}  ", line[i], widths[i]);
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string tolerance_text(const Tolerance& tolerance) {
  std::vector<std::string> parts;
  if (tolerance.absolute) parts.push_back(fmt::format("--atol {}", *tolerance.absolute));
  if (tolerance.relative) parts.push_back(fmt::format("--rtol {}", *tolerance.relative));
  if (tolerance.ulps) parts.push_back(fmt::format("--ulp {}", *tolerance.ulps));
  return join(parts, " ");
}

std::string verdict(const ComparisonReport& report) {
  if (!report.found) return fmt::format("different: the shapes are {} and {}", shape_text(report.a.tensor), shape_text(report.b.tensor));
  const Comparison& found = *report.found;
  if (found.elements == 0) return "equal: they hold no values";
  const std::string all = fmt::format("{} value{}", found.elements, found.elements == 1 ? "" : "s");
  if (found.equal == found.elements) return found.elements == 1 ? "equal: the only value" : fmt::format("equal: all {}", all);
  const std::string same = fmt::format("{} % of {} are equal", percent_text(found.equal, found.elements), all);
  if (report.tolerance.is_exact()) return "different: " + same;
  const std::string within = tolerance_text(report.tolerance);
  if (found.is_equal()) return fmt::format("equal within {}: {}", within, same);
  return fmt::format("different: {} % are equal within {}, {}", percent_text(found.admitted, found.elements), within, same);
}

/// The largest differences and where they are.
Lines difference_lines(const ComparisonReport& report) {
  const Comparison& found = *report.found;
  Lines lines{{"", "difference", "at", "A", "B"}};
  const auto add = [&](const std::string& what, const std::optional<Difference>& one, const std::string& unit = "") {
    if (!one) return;
    const Tensor &a = report.a.tensor, &b = report.b.tensor;
    const Index element = one->element;
    lines.push_back({what, size_text(one->size) + unit, list_text(place_of(a, element)), element_text(a, element), element_text(b, element)});
  };
  add("largest", found.absolute);
  add("relative to B", found.relative);
  if (!is_integer(found.unit)) add("in the last place", found.ulps, fmt::format(" of {}", name(found.unit)));
  if (found.first) add(fmt::format("first, in row {}", found.first->element / report.a.tensor.columns_count()), found.first);
  return lines;
}

std::string match_text(const ComparisonReport& report, const Match& match) {
  std::string text = fmt::format("{} when {}", match.nearly ? "nearly equal" : "equal", match.action);
  if (match.nearly && match.nearly->absolute) {
    text += fmt::format(" (largest difference {})", size_text(match.nearly->absolute->size));
  } else if (match.is_rounded) {
    text += fmt::format(" (within 2 units of {})", name(coarser(report.a.tensor.dtype, report.b.tensor.dtype)));
  } else if (match.rounded_to) {
    text += fmt::format(" and rounded to {}", name(*match.rounded_to));
  }
  return text;
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value)); }

Json element_json(const Tensor& tensor, Index element, std::complex<double> value) {
  if (tensor.dtype == Dtype::i64) return std::stoll(element_text(tensor, element));
  if (tensor.dtype == Dtype::u64) return std::stoull(element_text(tensor, element));
  if (components(tensor.dtype) == 2) return Json::array({number(value.real()), number(value.imag())});
  return number(value.real());
}

Json difference_json(const ComparisonReport& report, const std::optional<Difference>& one) {
  if (!one) return nullptr;
  return {{"difference", number(one->size)},
          {"index", place_of(report.a.tensor, one->element)},
          {"a", element_json(report.a.tensor, one->element, one->a)},
          {"b", element_json(report.b.tensor, one->element, one->b)}};
}

Json side_json(const Side& side) {
  return {{"file", side.words}, {"tensor", side.tensor.name}, {"shape", side.tensor.shape()}, {"dtype", name(side.tensor.dtype)}};
}

void add_found(Json& json, const ComparisonReport& report) {
  const Comparison& found = *report.found;
  json["values"] = found.elements;
  json["equal_values"] = found.equal;
  json["equal_within_tolerance"] = found.admitted;
  json["nan_in_one"] = found.nan_in_one;
  json["rows_that_differ"] = found.rows_different;
  json["largest"] = {{"absolute", difference_json(report, found.absolute)}, {"relative", difference_json(report, found.relative)}};
  if (!is_integer(found.unit)) {
    json["largest"]["ulp"] = difference_json(report, found.ulps);
    json["ulp_of"] = name(found.unit);
  }
  json["first"] = difference_json(report, found.first);
  if (found.first) json["first"]["row"] = found.first->element / report.a.tensor.columns_count();
  json["cosine_similarity"] = found.cosine ? Json(*found.cosine) : Json();
}

/// Whether differences grow with the row as those of angles do that are products in f32: they are no larger than a few roundings of the
/// angle p w <= p, and clearly larger at the end than at the beginning.
bool grows_like_f32_angles(const Comparison& found) {
  constexpr double kRoundings = 4 * 0x1p-24;   // of frequency and angle, both at most half a unit, on either side
  return !is_integer(found.unit) && found.per_row <= kRoundings && found.growth.front() > 0 && found.growth.back() > 4 * found.growth.front();
}

}  // namespace

std::string likeness(const Side& a, const Side& b, const Comparison& found, int threads) {
  if (found.elements == 0 || found.equal == found.elements) return "";
  if (const std::optional<Dtype> to = rounding(a.tensor, b.tensor, threads)) return fmt::format("B is A rounded to {}", name(*to));
  if (const std::optional<Dtype> to = rounding(b.tensor, a.tensor, threads)) return fmt::format("A is B rounded to {}", name(*to));
  if (found.nan_in_one > 0 || !found.ulps || !found.absolute) return "";
  if (found.ulps->size == 0) return fmt::format("they are equal when both are rounded to {} (--ulp 0)", name(found.unit));
  constexpr double kFewUnits = 4;
  if (!is_integer(found.unit) && found.ulps->size <= kFewUnits) {
    return fmt::format("no two values are more than {} unit{} of {} apart, as different roundings are", size_text(found.ulps->size),
                       found.ulps->size == 1 ? "" : "s", name(found.unit));
  }
  if (grows_like_f32_angles(found)) {
    return fmt::format("the differences grow with the row, from {} in the first eighth to {} in the last, and stay within {:.2g} per row: "
                       "as those of angles computed in f32 (--compute f32)",
                       size_text(found.growth.front()), size_text(found.growth.back()), found.per_row);
  }
  return "";
}

std::string report_text(const ComparisonReport& report) {
  Lines sides;
  for (const auto& [letter, side] : {std::pair("A", &report.a), std::pair("B", &report.b)}) {
    sides.push_back({letter, side->words, side->tensor.name, shape_text(side->tensor), std::string(name(side->tensor.dtype))});
  }
  std::string text = aligned(sides) + verdict(report) + "\n";
  if (report.found && report.found->equal < report.found->elements) {
    const Comparison& found = *report.found;
    if (found.absolute || found.first) text += aligned(difference_lines(report));
    if (found.nan_in_one > 0) text += fmt::format("NaN in one of them alone: {}\n", found.nan_in_one);
    const Index rows = report.a.tensor.rows();
    if (rows > 1 && found.rows_different > 0) text += fmt::format("rows that differ {} of {}\n", found.rows_different, rows);
    text += found.cosine ? fmt::format("cosine similarity {:.9g}\n", *found.cosine) : "";
  }
  for (const Match& match : report.matches) {
    text += match_text(report, match) + "\n";
    for (const std::string& meaning : match.meanings) text += "  " + meaning + "\n";
  }
  return report.looks_like.empty() ? text : text + report.looks_like + "\n";
}

Json report_json(const ComparisonReport& report) {
  Json json{{"a", side_json(report.a)}, {"b", side_json(report.b)}, {"equal", report.is_equal()}};
  const Tolerance& tolerance = report.tolerance;
  json["tolerance"] = Json::object();
  if (tolerance.absolute) json["tolerance"]["atol"] = *tolerance.absolute;
  if (tolerance.relative) json["tolerance"]["rtol"] = *tolerance.relative;
  if (tolerance.ulps) json["tolerance"]["ulp"] = *tolerance.ulps;
  json["same_shape"] = report.found.has_value();
  if (report.found) add_found(json, report);
  json["rearrangements"] = Json::array();
  for (const Match& match : report.matches) {
    const std::string text = match_text(report, match);
    json["rearrangements"].push_back({{"steps", match.names}, {"equal", !match.nearly}, {"text", text}, {"meaning", match.meanings}});
  }
  if (!report.looks_like.empty()) json["looks_like"] = report.looks_like;
  return json;
}

}  // namespace pe
