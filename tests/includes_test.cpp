// Which folder of src may know which: read from the #include lines themselves.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Words = std::set<std::string>;

struct SourceFile {
  std::string path;     ///< "schemes/rope.cpp"
  std::string folder;   ///< "schemes"
  std::vector<std::string> lines;
};

std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

const std::vector<SourceFile>& source_files() {
  static const std::vector<SourceFile> files = [] {
    std::vector<SourceFile> found;
    const fs::path root = PE_SOURCE_FOLDER;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
      SourceFile file{fs::relative(entry.path(), root).generic_string(), "", {}};
      file.folder = folder_of(file.path);
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
      found.push_back(std::move(file));
    }
    return found;
  }();
  return files;
}

/// What stands between the quotes or angle brackets of an #include line; "" for any other line.
std::string included_by(const std::string& line) {
  const std::size_t word = line.find("include"), start = line.find_first_of("<\"");
  if (word == std::string::npos || start == std::string::npos || line.find_first_not_of(" \t") != line.find('#')) return "";
  if (line.find_first_not_of(" \t", line.find('#') + 1) != word) return "";
  return line.substr(start + 1, line.find_first_of(">\"", start + 1) - start - 1);
}

/// Calls `see` with each file and each thing that it includes.
template <class See>
void each_include(See see) {
  for (const SourceFile& file : source_files()) {
    for (const std::string& line : file.lines) {
      if (const std::string included = included_by(line); !included.empty()) see(file, included);
    }
  }
}

TEST(includes, lines_are_understood) {
  EXPECT_EQ(included_by("#include \"core/tensor.h\"   // the waist"), "core/tensor.h");
  EXPECT_EQ(included_by("  #  include <vector>"), "vector");
  EXPECT_EQ(included_by("// #include <vector>"), "");
  EXPECT_EQ(included_by("const char* include = \"x\";"), "");
}

TEST(includes, the_sources_are_there) { EXPECT_GT(source_files().size(), 50u); }

TEST(includes, every_folder_knows_only_what_lies_under_it) {
  const Words all{"core", "schemes", "formats", "analysis", "figures", "cli"};
  const std::map<std::string, Words> allowed{{"core", {"core"}},
                                             {"schemes", {"core"}},
                                             {"formats", {"core", "formats"}},
                                             {"analysis", {"core", "analysis"}},
                                             {"figures", {"core", "analysis", "figures"}},
                                             {"cli", {"core", "formats", "analysis", "figures", "cli"}}};
  each_include([&](const SourceFile& file, const std::string& included) {
    ASSERT_TRUE(allowed.contains(file.folder)) << file.path;
    const std::string folder = folder_of(included);
    if (included.find('/') == std::string::npos || !all.contains(folder)) return;
    EXPECT_TRUE(allowed.at(file.folder).contains(folder)) << file.path << " includes " << included;
  });
}

TEST(includes, no_scheme_and_no_format_or_figure_has_a_header_of_its_own) {
  for (const SourceFile& file : source_files()) {
    EXPECT_FALSE(file.folder == "schemes" && file.path.ends_with(".h")) << file.path;
  }
  each_include([](const SourceFile& file, const std::string& included) {
    EXPECT_FALSE(included.ends_with(".cpp")) << file.path << " includes " << included;
    const bool is_shared = included == "formats/format.h" || included.starts_with("formats/support/") || !included.starts_with("formats/");
    EXPECT_TRUE(is_shared) << file.path << " includes " << included;
    const bool is_figure = included.starts_with("figures/") && included != "figures/figure.h" && !included.starts_with("figures/draw/");
    EXPECT_FALSE(is_figure) << file.path << " includes " << included;
  });
}

TEST(includes, stb_is_seen_by_the_files_that_draw_text_and_write_pictures_alone) {
  each_include([](const SourceFile& file, const std::string& included) {
    if (!included.starts_with("stb")) return;
    EXPECT_TRUE(file.path == "figures/draw/png.cpp" || file.path == "figures/draw/text.cpp") << file.path << " includes " << included;
  });
}

TEST(includes, only_the_command_line_knows_its_parser_and_prints) {
  const Words prints{"std::cout", "std::cerr", "std::clog", "std::printf", "std::puts", " printf(", " puts(", "fprintf(", "fmt::print("};
  each_include([](const SourceFile& file, const std::string& included) {
    if (file.folder == "cli") return;
    EXPECT_FALSE(included.starts_with("CLI/")) << file.path;
    for (const char* header : {"iostream", "cstdio", "stdio.h", "fstream", "filesystem"}) EXPECT_NE(included, header) << file.path;
  });
  for (const SourceFile& file : source_files()) {
    for (const std::string& line : file.lines) {
      const auto has = [&](const std::string& word) { return line.find(word) != std::string::npos; };
      const bool is_printing = std::any_of(prints.begin(), prints.end(), has);
      EXPECT_FALSE(file.folder != "cli" && is_printing) << file.path << ": " << line;
    }
  }
}

TEST(includes, boost_stays_in_the_one_file_that_needs_seconds_for_it) {
  each_include([](const SourceFile& file, const std::string& included) {
    EXPECT_FALSE(included.starts_with("boost/") && file.path != "core/real.cpp") << file.path;
  });
}

}  // namespace
