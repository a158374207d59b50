#include "core/distance_buckets.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/bias_table.h"
#include "core/real.h"

namespace pe {
namespace {

Real border(Index near, Index far, Index part, Index parts) {
  const auto real = [](Index number) { return Real(static_cast<double>(number)); };
  return real(near) * pow(real(far) / real(near), real(part) / real(parts));
}

Index round_down(const Real& x) {
  const double nearest = std::nearbyint(double(x));
  const Real above = x - Real(nearest), tolerance = Real(std::fabs(nearest) * 0x1p-128);
  return static_cast<Index>(above < Real(0) - tolerance ? nearest - 1 : nearest);
}

/// One row: stretches of keys that share a bucket.
void fill_row(const std::vector<Index>& first, const double* up_to_query, const double* behind, Index query, std::span<double> row) {
  const auto keys = static_cast<Index>(row.size());
  const auto fill = [&](Index from, Index to, double value) {   // keys from <= key < to
    from = std::max<Index>(from, 0);
    if (from < std::min(to, keys)) std::fill(row.begin() + from, row.begin() + std::min(to, keys), value);
  };
  for (std::size_t bucket = 0; bucket < first.size(); ++bucket) {
    const bool is_last = bucket + 1 == first.size();
    const Index near = first[bucket], far = is_last ? std::max(query + 1, keys) : first[bucket + 1];   // distances near <= a < far
    if (near > query && query + near >= keys) return;
    fill(query - far + 1, query - near + 1, up_to_query[bucket]);
    fill(query + std::max<Index>(near, 1), query + far, behind[bucket]);
  }
}

}  // namespace

Index border_below(Index near, Index far, Index part, Index parts) { return round_down(border(near, far, part, parts)); }

Index border_above(Index near, Index far, Index part, Index parts) { return -round_down(Real(0) - border(near, far, part, parts)); }

Tensor bucket_tensor(std::string name, BucketValues values, Index queries, Index keys) {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.axes = {{"head", static_cast<Index>(values.behind.size())}, {"query", queries}, {"key", keys}};
  const auto held = std::make_shared<const BucketValues>(std::move(values));
  tensor.fill = [held, queries, keys](Index row, std::span<double> out) {
    const auto width = static_cast<std::size_t>(keys);
    for (; !out.empty(); out = out.subspan(width), ++row) {
      const auto head = static_cast<std::size_t>(row / queries);
      fill_row(held->first, held->up_to_query[head].data(), held->behind[head].data(), row % queries, out.first(width));
    }
  };
  return tensor;
}

}  // namespace pe
