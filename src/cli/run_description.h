#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.h"
#include "core/scheme.h"

namespace pe {

/// The command line as a shell takes it: "pe-gen rope --length 8".
std::string command_line(const Words& words);

/// What a run says of itself in every file it writes: generator, command line, `what` ("scheme") with the scheme's name, convention, every
/// parameter, facts, formula and references.
nlohmann::ordered_json describe_run(const Words& words, const char* what, const Scheme& scheme, const Opened& opened);

/// "dim 768 · grid 14x14 · base 10000": the options that every figure names, and those that differ from their defaults.
std::string subtitle(const Scheme& scheme, const Opened& opened);

}  // namespace pe
