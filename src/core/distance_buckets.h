#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

inline constexpr double kMaxBuckets = 1 << 14;   ///< beyond it no table is meant

/// near * (far/near)^(part/parts) rounded to a whole number, down or up. One that is whole stays itself: it is computed so closely
/// that a distance within 2^-128 of a whole number can only be that number. 0 < near <= far < 2^53, 0 <= part <= parts.
Index border_below(Index near, Index far, Index part, Index parts);
Index border_above(Index near, Index far, Index part, Index parts);

/// Values that depend on the bucket which the distance of query and key falls into, and on which of them comes first.
struct BucketValues {
  std::vector<Index> first;                     ///< of each bucket the smallest distance; they never fall, the first is 0
  std::vector<std::vector<double>> up_to_query;   ///< [head][bucket] where key <= query
  std::vector<std::vector<double>> behind;        ///< [head][bucket] where key > query
};

/// A tensor [head, query, key] of such values; queries and keys both count from 0.
Tensor bucket_tensor(std::string name, BucketValues values, Index queries, Index keys);

}  // namespace pe
