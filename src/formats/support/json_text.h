#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace pe {

/// The JSON of a file's text; discarded where it is none, and where an object has members by the thousand: no description has, and
/// they would take quadratic time (an ordered_json looks through all it has for each).
nlohmann::ordered_json parse_json(std::string_view text);

}  // namespace pe
