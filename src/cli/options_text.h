#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/scheme.h"

namespace pe {

/// A final value as people write it: "10000", "14x14", "on"; "" when it is not set.
std::string text(const Value& value);

nlohmann::ordered_json json(const Value& value);

/// What an option says of itself: help, limits or choices, when it counts, aliases, default.
std::string option_text(const Option& option, const Value& default_value);

/// "--layout concat --reverse": the option values of a convention as command line words; "" when it has none.
std::string settings_text(const Scheme& scheme, const Convention& convention);

}  // namespace pe
