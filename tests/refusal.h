#pragma once
#include <string>
#include <vector>

#include "core/error.h"
#include "core/scheme.h"

namespace pe {

/// What a scheme says when it refuses these settings; "" when it does not.
inline std::string refusal(const std::string& scheme, const std::vector<Setting>& settings, const std::string& like = "") {
  try {
    find_scheme(scheme).open(like, settings);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace pe
