#include "core/rotary_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <memory>

#include "core/cell_text.h"
#include "core/error.h"

namespace pe {
namespace {

/// Where everything stands: number `k` of a row of n angles, in the tensor of the cosines or sines, or in the one that holds both.
RotaryNumber number_at(const std::string& layout, bool is_sine, Index n, Index k) {
  if (layout == "half") return {is_sine, k % n};
  if (layout == "interleaved") return {is_sine, k / 2};
  if (layout == "compact") return {is_sine, k};
  if (layout == "joined") return {k >= n, k % n};
  return {k % 2 == 1, k / 2};   // complex, pairs
}

/// A tensor to read a table from.
struct Source {
  Tensor tensor;
  std::string layout;
  std::vector<RotaryNumber> numbers;
  std::array<std::vector<Index>, 2> first;                    ///< by angle: where its first cosine, its first sine stands; -1: nowhere
  std::vector<std::pair<std::size_t, std::size_t>> repeats;   ///< numbers of a row that must be equal: the first of an angle and a later one

  Source(Tensor from, std::string its_layout, RotaryPart part, Index n)
      : tensor(std::move(from)), layout(std::move(its_layout)), numbers(std::move(part.numbers)) {
    for (std::vector<Index>& places : first) places.assign(static_cast<std::size_t>(n), -1);
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      Index& place = first[numbers[k].is_sine ? 1 : 0][static_cast<std::size_t>(numbers[k].angle)];
      if (place >= 0) repeats.emplace_back(static_cast<std::size_t>(place), k);
      if (place < 0) place = static_cast<Index>(k);
    }
  }

  /// Where that number first stands in a row; -1: nowhere.
  Index place_of(const RotaryNumber& number) const { return first[number.is_sine ? 1 : 0][static_cast<std::size_t>(number.angle)]; }

  /// The first repeat that differs in a row; none when all agree.
  const std::pair<std::size_t, std::size_t>* uneven(const double* row) const {
    for (const auto& repeat : repeats) {
      const double a = row[repeat.first], b = row[repeat.second];
      if (a != b && !(std::isnan(a) && std::isnan(b))) return &repeat;
    }
    return nullptr;
  }

  /// Names the first cell of the whole table that is not what the layout says.
  [[noreturn]] void refuse() const {
    std::vector<double> row(numbers.size());
    for (Index r = 0;; ++r) {
      tensor.fill(r, row);
      const auto* found = uneven(row.data());
      if (found == nullptr) continue;
      const auto text = [&](std::size_t k) {
        return fmt::format("{} is {}", cell_text(tensor, r, static_cast<Index>(k)), value_text(row[k], tensor.dtype));
      };
      throw Error(fmt::format("{} but {}: layout {} has the same angle there, so the table is not in it", text(found->first), text(found->second),
                              layout));
    }
  }
};

/// A number of the result: which source, and which number of its rows.
struct Place {
  std::size_t source = 0, number = 0;
};

/// The rows of the result out of the rows of its sources.
void gather(const std::vector<std::shared_ptr<const Source>>& sources, const std::vector<Place>& places, Index first_row, std::span<double> out) {
  const std::size_t rows = out.size() / places.size();
  std::vector<std::vector<double>> blocks;
  for (const auto& source : sources) {
    const std::size_t width = source->numbers.size();
    std::vector<double>& block = blocks.emplace_back(rows * width);
    source->tensor.fill(first_row, block);
    for (std::size_t row = 0; row < rows && !source->repeats.empty(); ++row) {
      if (source->uneven(block.data() + row * width) != nullptr) source->refuse();
    }
  }
  double* to = out.data();
  for (std::size_t row = 0; row < rows; ++row) {
    for (const Place& place : places) *to++ = blocks[place.source][row * sources[place.source]->numbers.size() + place.number];
  }
}

/// The complex type of such parts, or the type of the parts of a complex one.
Dtype with_complexity(Dtype dtype, bool is_complex, const std::string& name) {
  if ((components(dtype) == 2) == is_complex) return dtype;
  switch (dtype) {
    case Dtype::f32: return Dtype::c64;
    case Dtype::f64: return Dtype::c128;
    case Dtype::c64: return Dtype::f32;
    case Dtype::c128: return Dtype::f64;
    default: throw Error(fmt::format("{} is {}, which has no complex type; f32 and f64 have", name, pe::name(dtype)));
  }
}

/// The tensor of one part of `to`, or nothing when the numbers that it needs are not there.
std::optional<Tensor> part_of(const RotaryPart& part, const std::vector<std::shared_ptr<const Source>>& sources, const std::string& to) {
  std::vector<std::shared_ptr<const Source>> used;
  std::vector<Place> places;
  for (const RotaryNumber& number : part.numbers) {
    const auto holds = [&](const auto& source) { return source->place_of(number) >= 0; };
    const auto source = std::find_if(sources.begin(), sources.end(), holds);
    if (source == sources.end()) return std::nullopt;
    const auto known = std::find(used.begin(), used.end(), *source);
    places.push_back({static_cast<std::size_t>(known - used.begin()), static_cast<std::size_t>((*source)->place_of(number))});
    if (known == used.end()) used.push_back(*source);
  }
  Tensor tensor = used.front()->tensor;
  tensor.name = part.name;
  tensor.dtype = with_complexity(tensor.dtype, to == "complex", tensor.name);
  tensor.axes.back().size = static_cast<Index>(part.numbers.size()) / components(tensor.dtype);
  tensor.columns = nullptr;
  if (used.size() > 1) tensor.range.reset();
  tensor.fill = [used, places](Index first_row, std::span<double> out) { gather(used, places, first_row, out); };
  return tensor;
}

void check_together(const Tensor& a, const Tensor& b) {
  if (a.shape() == b.shape() && a.dtype == b.dtype) return;
  throw Error(fmt::format("{} is {} {} and {} is {} {}; those of one table have the same shape and type", a.name, shape_text(a), name(a.dtype),
                          b.name, shape_text(b), name(b.dtype)));
}

}  // namespace

std::vector<RotaryPart> rotary_parts(const std::string& layout, Index n) {
  assert(std::find(kAllRotaryLayouts.begin(), kAllRotaryLayouts.end(), layout) != kAllRotaryLayouts.end());
  std::vector<RotaryPart> parts{{"cos", {}}, {"sin", {}}};
  if (layout == "complex") parts = {{"cis", {}}};
  if (layout == "joined" || layout == "pairs") parts = {{"cos_sin", {}}};
  const Index width = layout == "compact" ? n : 2 * n;
  for (RotaryPart& part : parts) {
    for (Index k = 0; k < width; ++k) part.numbers.push_back(number_at(layout, part.name == "sin", n, k));
  }
  return parts;
}

Index angles_of(const Tensor& tensor, const std::string& layout) {
  const auto refuse = [&](const std::string& why) {
    throw Error(fmt::format("{} is {} {}: {}", tensor.name, shape_text(tensor), name(tensor.dtype), why));
  };
  if (is_integer(tensor.dtype)) refuse("a rotary table holds floating-point numbers");
  if ((components(tensor.dtype) == 2) != (layout == "complex")) {
    refuse(layout == "complex" ? "layout complex has complex numbers" : "of complex numbers the layout is complex, not " + layout);
  }
  const Index width = tensor.axes.empty() ? 0 : tensor.row_width();
  if (width == 0) refuse("a rotary table has columns");
  if (layout == "compact") return width;
  if (width % 2 != 0) refuse(fmt::format("layout {} has two columns to an angle, so an even number", layout));
  return width / 2;
}

std::vector<Tensor> change_rotary_layout(std::vector<std::optional<Tensor>> parts, const std::string& from, const std::string& to) {
  std::vector<std::shared_ptr<const Source>> sources;
  Index n = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i]) continue;
    n = angles_of(*parts[i], from);
    if (!sources.empty()) check_together(sources.front()->tensor, *parts[i]);
    sources.push_back(std::make_shared<const Source>(std::move(*parts[i]), from, rotary_parts(from, n)[i], n));
  }
  std::vector<Tensor> tensors;
  for (const RotaryPart& part : rotary_parts(to, n)) {
    if (std::optional<Tensor> tensor = part_of(part, sources, to)) tensors.push_back(std::move(*tensor));
  }
  if (tensors.empty()) throw Error(fmt::format("layout {} needs cos and sin; only {} is there", to, sources.front()->tensor.name));
  return tensors;
}

std::string pairing_of(const std::string& layout) {
  if (layout == "half") return layout;
  return layout == "interleaved" || layout == "complex" ? "interleaved" : "";
}

std::vector<Index> pairing_order(const std::string& from, const std::string& to, Index n) {
  const std::vector<RotaryNumber> old_columns = rotary_parts(from, n).front().numbers, new_columns = rotary_parts(to, n).front().numbers;
  std::vector<std::vector<Index>> columns_of(static_cast<std::size_t>(n));   // of each angle, those that are not taken yet, last first
  for (std::size_t k = old_columns.size(); k-- > 0;) columns_of[static_cast<std::size_t>(old_columns[k].angle)].push_back(static_cast<Index>(k));
  std::vector<Index> order;
  for (const RotaryNumber& column : new_columns) {
    std::vector<Index>& left = columns_of[static_cast<std::size_t>(column.angle)];
    order.push_back(left.back());
    left.pop_back();
  }
  return order;
}

}  // namespace pe
