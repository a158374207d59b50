#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pe {

/// The known word with the fewest edits (insert, delete, change, swap) to `word`; "" when there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "; nearest: KNOWN" for the end of a message about an unknown word, or nothing when no word is known.
std::string nearest_hint(std::string_view word, const std::vector<std::string>& known);

/// The parts of `text` between separators; "a,,b" has an empty one, "" has one empty part.
std::vector<std::string> split(std::string_view text, char separator);

/// The word as a shell would read it back: in quotes where it needs them.
std::string shell_word(const std::string& word);

/// The parts with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Whether these bytes are UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace pe
