#include "formats/support/json_text.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace pe {

using Json = nlohmann::ordered_json;

Json parse_json(std::string_view text) {
  constexpr int kMaxMembers = 4096;
  struct TooMany {};
  std::vector<int> members;   // of the objects that are open
  const Json::parser_callback_t count = [&](int, Json::parse_event_t event, Json&) {
    if (event == Json::parse_event_t::object_start) members.push_back(0);
    if (event == Json::parse_event_t::object_end) members.pop_back();
    if (event == Json::parse_event_t::key && ++members.back() > kMaxMembers) throw TooMany();
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), count, false);
  } catch (const TooMany&) {
    return Json(Json::value_t::discarded);
  }
}

}  // namespace pe
