#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

/// Tensors on their way from one file to another, and what is said of them.
struct Conversion {
  std::string source;                 ///< the file, for messages
  std::vector<Tensor> tensors;
  Json description;                   ///< as it is true of the tensors now; an object
  Json change = Json::object();       ///< what has been done to them
  std::vector<std::string> remarks;   ///< for standard error
};

/// What the user says of the rotary table in the source; empty: to be found.
struct RotaryRequest {
  std::string from_layout;
  std::string cos, sin;   ///< names of tensors; `cos` also of one that holds both
};

/// A rotary table taken out of a conversion's tensors, in another layout.
struct TakenTable {
  std::vector<Tensor> tensors;
  std::size_t place = 0;   ///< where the first of its tensors was
  Index angles = 0;        ///< n
};

/// Finds the rotary table among the tensors, takes it out and lays it out anew; the description then says so.
/// Throws Error when it is not found, or its layout is neither said nor known from the description.
TakenTable take_table(Conversion& conversion, const RotaryRequest& request, const std::string& layout);

/// Puts the rotary table among the tensors into another layout, in the place where it was; the others stay.
void convert_layout(Conversion& conversion, const RotaryRequest& request, const std::string& layout);

/// A member of a member of the description; null where there is none.
Json described(const Conversion& conversion, const char* group, const char* name);

/// The text of a JSON string; "" of anything else.
std::string word(const Json& json);

/// The one tensor that has one of those names; `asked`, when it is given, is the only name. None: nothing.
/// Throws Error when there is more than one, or none of the name that `option` asks for.
std::optional<std::size_t> find_tensor(const Conversion& conversion, const std::string& option, const std::string& asked, const Names& names);

/// "i and i+64" (half) or "2i and 2i+1" (interleaved): the columns of q and k that a pairing of n angles turns together.
std::string pair_text(const std::string& pairing, Index n);

/// The columns of a head, of which n angles turn the first 2n.
Index head_dim(const Conversion& conversion, Index n);

/// What is known of the pairs of a table: half, interleaved, or "". `layout` may be "".
std::string known_pairing(const Conversion& conversion, const std::string& layout);

/// The layout that the description of a rotary table states; "" where it is of another table or states none.
std::string described_layout(const Conversion& conversion);

}  // namespace pe
