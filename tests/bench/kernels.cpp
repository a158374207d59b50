// What the parts cost, by Google Benchmark: bytes per second are those of the result.

#include <benchmark/benchmark.h>

#include <vector>

#include "core/dtype.h"
#include "core/frequencies.h"
#include "core/phase.h"
#include "core/rotation.h"
#include "core/scheme.h"
#include "core/stream.h"

namespace pe {
namespace {

constexpr Index kFrequencies = 512;

SinCosRows rows(Arithmetic arithmetic) {
  Positions positions;
  positions.count = 1 << 20;
  return {frequency_ladder(10000, kFrequencies, "geometric"), positions, arithmetic, false};
}

void sine_and_cosine_of_a_phase(benchmark::State& state) {
  const Frequency frequency(Real(0.1234));
  const Phase step = phase(1.0, frequency);
  Phase angle;
  for (auto _ : state) {
    angle = angle + step;
    benchmark::DoNotOptimize(sincos(angle));
  }
}
BENCHMARK(sine_and_cosine_of_a_phase);

void rows_of_sines_and_cosines(benchmark::State& state) {
  const SinCosRows table = rows(static_cast<Arithmetic>(state.range(0)));
  SinCosRows::Cursor cursor(table);
  Index row = 0;
  for (auto _ : state) {
    cursor.load(row++);
    benchmark::DoNotOptimize(cursor.sin());
  }
  state.SetBytesProcessed(state.iterations() * kFrequencies * 2 * static_cast<Index>(sizeof(double)));
}
BENCHMARK(rows_of_sines_and_cosines)->ArgName("arithmetic")->DenseRange(0, 2);

void rounding_to_a_stored_type(benchmark::State& state) {
  const auto dtype = static_cast<Dtype>(state.range(0));
  const std::vector<double> values(1 << 15, 0.1234);
  std::vector<std::byte> bytes(values.size() * size_of(dtype));
  for (auto _ : state) {
    encode(values, dtype, bytes);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<Index>(bytes.size()));
  state.SetLabel(std::string(name(dtype)));
}
BENCHMARK(rounding_to_a_stored_type)->DenseRange(0, 3);

void streaming_a_table(benchmark::State& state, const char* scheme, std::vector<Setting> settings) {
  const Tensor tensor = find_scheme(scheme).open("", settings).tables.tensors.front();
  for (auto _ : state) {
    stream_bytes(tensor, tensor.dtype, static_cast<int>(state.range(0)),
                 [](std::span<const std::byte> bytes) { benchmark::DoNotOptimize(bytes.data()); });
  }
  state.SetBytesProcessed(state.iterations() * tensor.bytes());
}
BENCHMARK_CAPTURE(streaming_a_table, sincos1d, "sincos1d", {{"dim", "1024"}, {"length", "65536"}})->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(streaming_a_table, sincos2d, "sincos2d", {{"dim", "1024"}, {"grid", "256"}})->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();

}  // namespace
}  // namespace pe

BENCHMARK_MAIN();
