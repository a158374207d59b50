#pragma once
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/output.h"

namespace pe {

/// Adds to a product the tables of the scheme with the options of each --overlay on top of those of the command: an overlay's option
/// replaces the same one of the command, and those of the command that do not count beside it are left out. An overlay is labelled by its
/// options, as many as it takes to tell it from the others; the command's own tables by their values of the options that overlays give,
/// or "as titled" where these are many. Throws Error (usage) that names the overlay.
void add_overlays(Product& product, const Scheme& scheme, const SchemeArguments& command, const Opened& opened,
                  const std::vector<std::string>& overlays);

}  // namespace pe
