// The sums of resampling: separable, so a new row of cells is first mixed from old rows of cells, then each of its cells from that mix.

#include <algorithm>
#include <memory>

#include "analysis/resampled_tensor.h"
#include "core/clones.h"

namespace pe {
namespace {

PE_CLONES void add_scaled(double* out, const double* values, double weight, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] += weight * values[i];
}

PE_CLONES void set_scaled(double* out, const double* values, double weight, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = weight * values[i];
}

class Resampled {
 public:
  Resampled(const Tensor& table, Index before, AxisWeights down, AxisWeights across)
      : source_(table.fill), width_(table.columns_count()), before_(before), old_rows_(table.axes[table.axes.size() - 2].size),
        down_(std::move(down)), across_(std::move(across)) {
    old_end_ = before_ + down_.old_size() * across_.old_size();
    new_end_ = before_ + checked_product(down_.new_size(), across_.new_size(), "the new grid");
  }

  Index new_rows() const { return new_end_ + old_rows_ - old_end_; }

  void fill(Index row, std::span<double> out) const {
    Scratch scratch;
    while (!out.empty()) {
      const Index block = row / new_rows(), in_block = row % new_rows();
      const Index old_block = block * old_rows_;
      const Index left = static_cast<Index>(out.size()) / width_;
      Index count = 0;
      if (in_block < before_ || in_block >= new_end_) {
        const bool is_before = in_block < before_;
        count = std::min(left, (is_before ? before_ : new_rows()) - in_block);
        source_(old_block + in_block - (is_before ? 0 : new_end_ - old_end_), out.first(values(count)));
      } else {
        const Index cell = in_block - before_, column = cell % across_.new_size();
        count = std::min(left, across_.new_size() - column);
        fill_cells(old_block + before_, cell / across_.new_size(), column, out.first(values(count)), scratch);
      }
      row += count;
      out = out.subspan(values(count));
    }
  }

 private:
  /// Old cells of one row of the grid: those mixed so far, and the ones just read.
  struct Scratch {
    std::vector<double> mixed, read;
  };

  std::size_t values(Index rows) const { return static_cast<std::size_t>(rows * width_); }

  /// The new cells from `column` on of row `row` of the grid. `first` is the table's row of the first old cell.
  void fill_cells(Index first, Index row, Index column, std::span<double> out, Scratch& scratch) const {
    const Index count = static_cast<Index>(out.size()) / width_;
    Index low = across_.old_size(), high = 0;   // the old columns that are needed
    for (Index i = column; i < column + count; ++i) {
      const AxisWeights::Cell cell = across_[i];
      low = std::min(low, cell.first);
      high = std::max(high, cell.first + static_cast<Index>(cell.weights.size()));
    }
    mix_rows(first + low, row, values(high - low), scratch);
    for (Index i = column; i < column + count; ++i) {
      const AxisWeights::Cell cell = across_[i];
      double* const to = out.data() + values(i - column);
      const double* from = scratch.mixed.data() + values(cell.first - low);
      set_scaled(to, from, cell.weights[0], values(1));
      for (std::size_t k = 1; k < cell.weights.size(); ++k) add_scaled(to, from += width_, cell.weights[k], values(1));
    }
  }

  void mix_rows(Index first, Index row, std::size_t count, Scratch& scratch) const {
    scratch.mixed.resize(count);
    scratch.read.resize(count);
    const AxisWeights::Cell cell = down_[row];
    for (std::size_t k = 0; k < cell.weights.size(); ++k) {
      source_(first + (cell.first + static_cast<Index>(k)) * across_.old_size(), scratch.read);
      const auto mix = k == 0 ? set_scaled : add_scaled;
      mix(scratch.mixed.data(), scratch.read.data(), cell.weights[k], count);
    }
  }

  Fill source_;
  Index width_, before_, old_rows_;
  AxisWeights down_, across_;
  Index old_end_ = 0, new_end_ = 0;   ///< behind the last cell, in rows of a block
};

}  // namespace

Tensor resampled_tensor(const Tensor& table, Index before, AxisWeights down, AxisWeights across) {
  const auto rows = std::make_shared<const Resampled>(table, before, std::move(down), std::move(across));
  Tensor made = table;
  made.axes[made.axes.size() - 2].size = rows->new_rows();
  made.range.reset();
  made.grid.reset();
  made.columns = nullptr;
  made.fill = [rows](Index row, std::span<double> out) { rows->fill(row, out); };
  check_size(made);
  return made;
}

}  // namespace pe
