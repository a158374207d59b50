// Which folder of src may know which: read from the #include lines themselves.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
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

/// Calls `see` with each file and each thing between quotes or angle brackets that it includes.
template <class See>
void each_include(See see) {
  static const std::regex include("^\\s*#\\s*include\\s+[<\"]([^>\"]+)[>\"].*");
  for (const SourceFile& file : source_files()) {
    for (const std::string& line : file.lines) {
      std::smatch match;
      if (std::regex_match(line, match, include)) see(file, match[1].str());
    }
  }
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
  const std::regex prints("std::c(out|err|log)\\b|\\b(std::)?f?printf\\s*\\(|\\bputs\\s*\\(|fmt::print\\b");
  each_include([](const SourceFile& file, const std::string& included) {
    if (file.folder == "cli") return;
    EXPECT_FALSE(included.starts_with("CLI/")) << file.path;
    for (const char* header : {"iostream", "cstdio", "stdio.h", "fstream", "filesystem"}) EXPECT_NE(included, header) << file.path;
  });
  for (const SourceFile& file : source_files()) {
    for (const std::string& line : file.lines) {
      EXPECT_FALSE(file.folder != "cli" && std::regex_search(line, prints)) << file.path << ": " << line;
    }
  }
}

TEST(includes, boost_stays_in_the_one_file_that_needs_seconds_for_it) {
  each_include([](const SourceFile& file, const std::string& included) {
    EXPECT_FALSE(included.starts_with("boost/") && file.path != "core/real.cpp") << file.path;
  });
}

}  // namespace
