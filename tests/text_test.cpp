#include "core/text.h"

#include <gtest/gtest.h>

namespace pe {
namespace {

using Words = std::vector<std::string>;

TEST(text, nearest_counts_inserted_deleted_changed_and_swapped_letters) {
  const Words known{"layout", "length", "base", "step"};
  EXPECT_EQ(nearest("layot", known), "layout");     // one missing
  EXPECT_EQ(nearest("layoutt", known), "layout");   // one too many
  EXPECT_EQ(nearest("bose", known), "base");        // one changed
  EXPECT_EQ(nearest("setp", known), "step");        // two swapped: one edit, where "base" needs more
  EXPECT_EQ(nearest("base", known), "base");
}

TEST(text, nearest_takes_the_first_of_equally_near_words) {
  EXPECT_EQ(nearest("ax", {"ab", "ac"}), "ab");
  EXPECT_EQ(nearest("", {"abc", "ab"}), "ab");
}

TEST(text, nearest_of_no_words_is_nothing) {
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest_hint("x", {}), "");
  EXPECT_EQ(nearest_hint("bas", {"base"}), "; nearest: base");
}

TEST(text, split_keeps_empty_parts) {
  EXPECT_EQ(split("a,b", ','), (Words{"a", "b"}));
  EXPECT_EQ(split("a,,b,", ','), (Words{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (Words{""}));
  EXPECT_EQ(split("a", ','), (Words{"a"}));
}

TEST(text, join_is_what_split_undoes) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(split(join({"", "x", ""}, ":"), ':'), (Words{"", "x", ""}));
}

TEST(text, utf_8_is_told_from_other_bytes) {
  for (const char* text : {"", "a", "größe × π", "\xf0\x9f\x98\x80", "\x7f", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xff", "a\xc3", "\xc3(", "\xe2\x82", "\xf0\x9f\x98",   // cut off, or without a start
                           "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",     // longer than needed
                           "\xed\xa0\x80", "\xed\xbf\xbf",                                  // surrogates
                           "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {                   // beyond the last
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace pe
