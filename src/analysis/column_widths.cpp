// Rearrangements of the number of columns, and of their signs.

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "analysis/rearrangements.h"
#include "analysis/views.h"
#include "core/rearrange.h"

namespace pe {
namespace {

using Columns = std::vector<Index>;   ///< column number i is number [i] of the table

Columns columns(Index width, const std::function<Index(Index)>& from) {
  Columns all;
  for (Index i = 0; i < width; ++i) all.push_back(from(i));
  return all;
}

/// The narrower table {n} repeats, or is a part of, the columns of the wider one {w}.
struct Width {
  const char* name;
  const char* action;
  const char* meaning;
  bool narrow_is_made;   ///< the narrow table gets more columns; else the wide one loses some
  Index (*from)(Index i, Index narrow);
};

const std::vector<Width>& widths() {
  static const std::vector<Width> all{
      {"halves-of-compact", "the columns of {n} are taken twice, one whole row behind the other",
       "{w} holds each angle twice, in halves (--layout half), {n} once (compact)", true, [](Index i, Index narrow) { return i % narrow; }},
      {"pairs-of-compact", "each column of {n} is taken twice in a row",
       "{w} holds each angle twice in a row (--layout interleaved), {n} once (compact)", true, [](Index i, Index) { return i / 2; }},
      {"first-half", "the first half of {w}'s columns is taken", "{w} joins {n} and another block, such as cosines and sines", false,
       [](Index i, Index) { return i; }},
      {"second-half", "the second half of {w}'s columns is taken", "{w} joins another block and {n}, such as cosines and sines", false,
       [](Index i, Index narrow) { return narrow + i; }},
      {"even-columns", "the even columns of {w} are taken", "{w} alternates between {n} and other columns, such as cosines and sines", false,
       [](Index i, Index) { return 2 * i; }},
      {"odd-columns", "the odd columns of {w} are taken", "{w} alternates between other columns and {n}, such as cosines and sines", false,
       [](Index i, Index) { return 2 * i + 1; }},
  };
  return all;
}

/// Applies to the narrower or wider of the two tables.
std::function<std::optional<Pair>(const Pair&)> on_table(bool on_a, Columns from) {
  return [on_a, from = std::move(from)](const Pair& pair) {
    return on_a ? Pair{gather_columns(pair.a, from), pair.b} : Pair{pair.a, gather_columns(pair.b, from)};
  };
}

/// Numbers of a row that are negated.
struct Signs {
  const char* name;
  const char* action;
  bool (*is_negated)(Index i, Index width);
};

const std::vector<Signs>& signs() {
  static const std::vector<Signs> all{
      {"negated", "B is negated", [](Index, Index) { return true; }},
      {"second-half-negated", "the second half of B's columns is negated", [](Index i, Index width) { return 2 * i >= width; }},
      {"first-half-negated", "the first half of B's columns is negated", [](Index i, Index width) { return 2 * i < width; }},
      {"odd-negated", "the odd columns of B are negated", [](Index i, Index) { return i % 2 == 1; }},
      {"even-negated", "the even columns of B are negated", [](Index i, Index) { return i % 2 == 0; }},
      {"first-quarters-negated", "the first quarter of each half of B's columns is negated",
       [](Index i, Index width) { return 4 * i / width % 2 == 0; }},
      {"second-quarters-negated", "the second quarter of each half of B's columns is negated",
       [](Index i, Index width) { return 4 * i / width % 2 == 1; }},
  };
  return all;
}

}  // namespace

std::vector<Rearrangement> width_stage(const Pair& pair, const std::vector<Index>&) {
  if (pair.a.axes.empty() || pair.b.axes.empty() || pair.a.columns_count() == pair.b.columns_count()) return {};
  const bool a_is_narrow = pair.a.columns_count() < pair.b.columns_count();
  const Index narrow = std::min(pair.a.columns_count(), pair.b.columns_count()), wide = std::max(pair.a.columns_count(), pair.b.columns_count());
  const std::string n = a_is_narrow ? "A" : "B", w = a_is_narrow ? "B" : "A";
  std::vector<Rearrangement> all;
  if (narrow == 0) return all;
  for (const Width& one : widths()) {
    if (wide != 2 * narrow) break;
    const auto words = [&](const char* text) { return fmt::format(fmt::runtime(text), fmt::arg("n", n), fmt::arg("w", w)); };
    const Columns from = columns(one.narrow_is_made ? wide : narrow, [&](Index i) { return one.from(i, narrow); });
    all.push_back({one.name, words(one.action), words(one.meaning), on_table(one.narrow_is_made == a_is_narrow, from)});
  }
  for (const bool first : {true, false}) {
    if (wide == 2 * narrow) break;   // said above
    const Columns from = columns(narrow, [&](Index i) { return first ? i : wide - narrow + i; });
    const char* const which = first ? "first" : "last";
    all.push_back({fmt::format("{}-columns", which), fmt::format("the {} {} of {}'s {} columns are taken", which, narrow, w, wide),
                   fmt::format("{} has {} more column{}", w, wide - narrow, wide - narrow == 1 ? "" : "s"), on_table(!a_is_narrow, from)});
  }
  return all;
}

std::vector<Rearrangement> sign_stage(const Pair& pair, const std::vector<Index>&) {
  constexpr const char* kMeaning = "they rotate in opposite directions, or one has sines of the other sign";
  const bool is_complex = components(pair.b.dtype) == 2;
  const Index width = pair.b.row_width();
  std::vector<Rearrangement> all;
  const auto add = [&](const char* name, const char* action, bool (*is_negated)(Index, Index)) {
    all.push_back({name, action, kMeaning, [is_negated, width](const Pair& tried) {
                     std::vector<double> factors;
                     for (Index i = 0; i < width; ++i) factors.push_back(is_negated(i, width) ? -1 : 1);
                     return Pair{tried.a, columns_scaled(tried.b, std::move(factors))};
                   }});
  };
  if (is_complex) add("conjugated", "the imaginary parts of B are negated", [](Index i, Index) { return i % 2 == 1; });
  for (const Signs& one : signs()) {
    if (!is_complex || &one == &signs().front()) add(one.name, one.action, one.is_negated);
  }
  return all;
}

}  // namespace pe
