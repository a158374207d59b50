#pragma once
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "cli/files.h"
#include "cli/output.h"
#include "cli/plan.h"

namespace pe {

/// Writes the files that hold tables, several at a time where there are several threads; `sinks` are those of all `files`. Unless `quiet`,
/// says on standard error where a format stores another type than asked for. Returns what STEM.meta.json says of the tensors, from the
/// first file that stores each; nothing where no such file is planned. Throws Error.
nlohmann::ordered_json write_table_files(const std::vector<PlannedFile>& files, const std::vector<Sink*>& sinks, const Product& product,
                                         OutputFiles& outputs, int threads, bool quiet);

}  // namespace pe
