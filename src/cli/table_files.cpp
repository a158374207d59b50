#include "cli/table_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/workers.h"
#include "formats/support/values.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

/// A file that holds tables, before and after it is written.
struct TableFile {
  const PlannedFile& plan;
  Sink& sink;
  Document document;
  Index bytes = 0;                       ///< of its values
  std::vector<std::string> digests = {};
};

void note_other_type(const Product& product, const Format& format, const Tensor& tensor) {
  const Dtype stored = format.stored(tensor.dtype);
  if (stored == tensor.dtype) return;
  fmt::print(stderr, "{}: .{} has no {}: {} is stored as {} holding the {} values\n", product.source, format.name, name(tensor.dtype),
             tensor.name, name(stored), is_integer(tensor.dtype) ? "same" : "rounded");
}

bool is_description(const PlannedFile& file) { return file.format == nullptr && file.figure == nullptr; }

std::vector<TableFile> table_files(const std::vector<PlannedFile>& files, const std::vector<Sink*>& sinks, const Product& product) {
  const bool described = std::any_of(files.begin(), files.end(), is_description);
  std::vector<TableFile> tables;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const Format* format = files[f].format;
    if (format == nullptr) continue;
    const std::string stem = stem_of(files[f].path, *format);
    tables.push_back({files[f], *sinks[f], {{}, &product.description, 1, described || format->holds_many, stem.empty() ? product.stem : stem}});
    for (const std::size_t i : files[f].tensors) {
      tables.back().document.tensors.push_back(product.tensors[i]);
      tables.back().bytes += product.tensors[i].bytes();
    }
  }
  return tables;
}

/// Each file gets its share of the threads, by its size.
void write(std::vector<TableFile>& tables, OutputFiles& outputs, int threads) {
  Index total = 1;
  for (const TableFile& table : tables) total += table.bytes;
  std::atomic<std::size_t> next = 0;
  const auto write_next = [&] {
    for (std::size_t i = next++; i < tables.size(); i = next++) {
      TableFile& table = tables[i];
      const double share = static_cast<double>(table.bytes) / static_cast<double>(total);
      table.document.threads = std::max(1, static_cast<int>(std::ceil(share * threads)));
      table.digests = table.plan.format->write(table.document, table.sink);
    }
  };
  const auto stop = [&] {
    next = tables.size();
    outputs.abandon();
  };
  run_on_threads(std::min(threads, static_cast<int>(tables.size())), write_next, stop);
}

Json describe(const Product& product, const std::vector<TableFile>& tables, int threads) {
  std::vector<Json> tensors(product.tensors.size());
  for (const TableFile& table : tables) {
    for (std::size_t k = 0; k < table.digests.size(); ++k) {
      const Tensor& tensor = table.document.tensors[k];
      Json& description = tensors[table.plan.tensors[k]];
      if (description.is_null()) description = describe_tensor(tensor, table.plan.format->stored(tensor.dtype), table.digests[k]);
    }
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& tensor = product.tensors[i];
    if (!tensors[i].is_null()) continue;   // in no file
    tensors[i] = describe_tensor(tensor, tensor.dtype, digest_values({{}, nullptr, threads, true}, tensor, tensor.dtype));
  }
  return tensors;
}

}  // namespace

Json write_table_files(const std::vector<PlannedFile>& files, const std::vector<Sink*>& sinks, const Product& product, OutputFiles& outputs,
                       int threads, bool quiet) {
  std::vector<TableFile> tables = table_files(files, sinks, product);
  for (const TableFile& table : tables) {
    for (const Tensor& tensor : table.document.tensors) {
      if (!quiet) note_other_type(product, *table.plan.format, tensor);
    }
  }
  write(tables, outputs, threads);
  return std::any_of(files.begin(), files.end(), is_description) ? describe(product, tables, threads) : Json::array();
}

}  // namespace pe
