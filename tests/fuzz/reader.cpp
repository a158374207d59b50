// libFuzzer on the reader of the format PE_FUZZ_FORMAT: any bytes are a table or malformed, and nothing else happens.
// run.sh builds and runs this for every format.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/stream.h"
#include "formats/format.h"
#include "formats/support/json_text.h"
#include "formats/support/values.h"

namespace pe {
namespace {

constexpr Index kMaxElements = 1 << 20;   ///< of a table whose values are read: more are not more interesting

void read_values(const Tensor& tensor) {
  if (tensor.elements() > kMaxElements) return;
  values(tensor);
  stream_bytes(tensor, tensor.dtype, 1, [](std::span<const std::byte>) {});
}

/// Reads a table and, as each table that the description has, once more.
void read_table(const StoredTable& table, const nlohmann::ordered_json& description) {
  const Tensor tensor = table.open();
  read_values(tensor);
  if (!description.is_object() || !description.contains("tensors")) return;
  for (const nlohmann::ordered_json& described : description["tensors"]) {
    Tensor same = tensor;
    apply_description(same, described);
    read_values(same);
  }
}

/// Does what may find a file malformed; any other Error is a mistake, as is an exception of another kind.
template <class Act>
void expect_table_or_malformed(Act act) {
  try {
    act();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::malformed) return;
    std::fprintf(stderr, "not malformed: %s\n", error.what());
    std::abort();
  }
}

}  // namespace
}  // namespace pe

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (pe::find_format(PE_FUZZ_FORMAT).read == nullptr) {
    std::puts(PE_FUZZ_FORMAT " is only written");
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pe;
  static const Format& format = find_format(PE_FUZZ_FORMAT);
  expect_table_or_malformed([&] {
    const Contents contents = format.read({nullptr, std::as_bytes(std::span(data, size))});
    const nlohmann::ordered_json description = parse_json(contents.description);
    for (const StoredTable& table : contents.tables) expect_table_or_malformed([&] { read_table(table, description); });
  });
  return 0;
}
