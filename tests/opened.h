#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "core/scheme.h"

namespace pe {

/// The tensor of that name of a scheme opened with these settings.
inline Tensor opened(const std::string& scheme, const std::string& tensor, const std::vector<Setting>& settings, const std::string& like = "") {
  const Opened all = find_scheme(scheme).open(like, settings);
  for (const Tensor& made : all.tables.tensors) {
    if (made.name == tensor) return made;
  }
  throw std::logic_error(scheme + " has no tensor " + tensor);
}

/// The same as numbers.
inline std::vector<double> table(const std::string& scheme, const std::string& tensor, const std::vector<Setting>& settings, const std::string& like = "") {
  return values(opened(scheme, tensor, settings, like));
}

/// A setting of a FILE option, without a file.
inline Setting given(const std::string& option, std::vector<Index> shape, std::vector<double> values) {
  return {option, "test.npy", std::make_shared<const Array>(Array{std::move(shape), std::move(values), "test.npy"})};
}

}  // namespace pe
