#pragma once
#include <functional>
#include <memory>
#include <string>

#include "cli/command.h"
#include "core/scheme.h"

namespace CLI {
class App;
}

namespace pe {

/// The options of one command, parsed by CLI11, whose own errors become one-line messages that begin with the command's name.
class Arguments {
 public:
  Arguments(const std::string& command, const std::string& description);
  ~Arguments();

  /// Groups the options that follow under a heading of --help.
  void group(const std::string& heading);
  void flag(const std::string& name, bool& set, const std::string& help);
  void switch_on(const std::string& name, const std::string& help, std::function<void()> take);
  void option(const std::string& name, const std::string& placeholder, const std::string& help, std::function<void(const std::string&)> take);
  void repeated(const std::string& name, const std::string& placeholder, const std::string& help, std::vector<std::string>& values);
  void positional(const std::string& name, const std::string& help, std::string& value);
  void positionals(const std::string& name, const std::string& help, std::vector<std::string>& values);
  /// Takes --help and -h for unknown options.
  void without_help();
  /// Lines at the end of --help.
  void footer(const std::string& text);

  /// Parses words[1..]. False when --help was asked for and has been printed. Throws Error (usage).
  bool parse(const Words& words);

 private:
  std::string command_;
  std::unique_ptr<CLI::App> app_;
  std::string group_;
};

/// A scheme's own options and --like. FILE options are read as they are met.
struct SchemeArguments {
  std::string like;
  std::vector<Setting> settings;
};
void add_scheme_options(Arguments& arguments, const Scheme& scheme, SchemeArguments& chosen);

/// `text` as a whole number from low to high. Throws Error naming the option.
Index whole_number(const std::string& option, const std::string& text, Index low, Index high);

}  // namespace pe
