// pe-gen: finds the command or scheme, runs it, and turns what goes wrong into one line and an exit code.

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <new>
#include <system_error>

#include "cli/command.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/scheme.h"
#include "core/text.h"
#include "version.h"

namespace pe {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands{{"list", "schemes with their conventions, formats, figures", run_list},
                                             {"describe", "formula, options, conventions, tensors and references of a scheme", run_describe},
                                             {"plot", "figures of an existing table", run_plot},
                                             {"resample", "an existing table on another grid", run_resample},
                                             {"convert", "another format, type or rotary layout of a table, or what a runtime takes", run_convert},
                                             {"compare", "how far two tables are apart, where, and what would make them equal", run_compare}};
  return commands;
}

namespace {

void print_help() {
  fmt::print(
      "pe-gen makes, describes and draws the positional-encoding tables of transformers.\n\n"
      "  pe-gen sincos2d --dim 768 --grid 14                        table, description, two figures in this folder\n"
      "  pe-gen sincos1d --like fairseq --dim 512 -o table.npz      one file, in the layout of an implementation\n"
      "  pe-gen plot vit.npy --grid 14 --prefix-tokens 1            figures of a table that exists\n\n"
      "schemes (pe-gen SCHEME --help)\n");
  for (const Scheme& scheme : all_schemes()) fmt::print("  {:<14} {}\n", scheme.text.name, scheme.text.one_line);
  fmt::print("\ncommands (pe-gen COMMAND --help)\n");
  for (const Command& command : all_commands()) fmt::print("  {:<14} {}\n", command.name, command.one_line);
  fmt::print(
      "\n  --help, --version\n\n"
      "exit codes: 0 done, 1 different, 2 wrong usage, 3 file not read or written, 4 malformed input, 130 interrupted\n");
}

/// A refusal that does not say whose it is gets the name of the scheme or command in front.
ExitCode run_named(ExitCode (*command)(const Words&), const Words& words) {
  try {
    return command(words);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;   // about a file, whose name is in front
    throw in_name_of(words.front(), error);
  }
}

ExitCode run(Words words) {
  if (words.size() == 2 && words[0] == "help") words = {words[1], "--help"};
  if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
    print_help();
    return ExitCode::done;
  }
  if (words[0] == "--version") {
    fmt::print("pe-gen {}\n", PE_VERSION);
    return ExitCode::done;
  }
  std::vector<std::string> known;
  for (const Command& command : all_commands()) {
    if (command.name == words[0]) return run_named(command.run, words);
    known.push_back(command.name);
  }
  if (is_scheme(words[0])) return run_named(run_scheme, words);
  for (const Scheme& scheme : all_schemes()) known.push_back(scheme.text.name);
  throw Error(fmt::format("pe-gen: {} is neither a scheme nor a command{}", words[0], nearest_hint(words[0], known)));
}

void stop_politely() {
  struct sigaction action {};
  action.sa_handler = [](int) { request_interrupt(); };
  action.sa_flags = SA_RESETHAND;   // a second signal ends the program at once
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);   // the write that caused it reports the error
}

/// One line, whatever a name of a file may hold.
int report(ExitCode code, std::string message) {
  std::replace_if(message.begin(), message.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  fmt::print(stderr, "{}\n", message);
  return static_cast<int>(code);
}

}  // namespace
}  // namespace pe

int main(int count, char** words) {
  using namespace pe;
  stop_politely();
  try {
    const ExitCode code = run(Words(words + 1, words + count));
    if (std::fflush(stdout) != 0) return report(ExitCode::io, "standard output cannot be written");
    return static_cast<int>(code);
  } catch (const Error& error) {
    return report(exit_code(error.kind()), error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::io, "pe-gen: there is not enough memory for this");
  } catch (const std::system_error& error) {
    return report(ExitCode::io, error.what());
  }
}
