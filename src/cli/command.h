#pragma once
#include <string>
#include <vector>

#include "cli/exit_code.h"

namespace pe {

using Words = std::vector<std::string>;   ///< of the command line, after the program's name

/// A word of the command line that is not a scheme. `run` gets all words, the command's own first.
struct Command {
  std::string name;
  std::string one_line;
  ExitCode (*run)(const Words& words);
};

ExitCode run_list(const Words& words);
ExitCode run_describe(const Words& words);
ExitCode run_plot(const Words& words);
ExitCode run_resample(const Words& words);
ExitCode run_convert(const Words& words);
ExitCode run_compare(const Words& words);
ExitCode run_scheme(const Words& words);   ///< words[0] is the scheme

/// The commands, in the order of the help text.
const std::vector<Command>& all_commands();

}  // namespace pe
