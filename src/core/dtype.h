#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pe {

/// How a number is stored. Complex types hold a real and an imaginary part per element.
enum class Dtype { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean, c64, c128 };

/// The name users write and files record: "f32", "i64", "bool", ...
std::string_view name(Dtype dtype);

/// The names of all types.
std::vector<std::string> dtype_names();

/// The type of that name; empty when there is none.
std::optional<Dtype> dtype_of(std::string_view name);

/// Bytes of one element.
std::size_t size_of(Dtype dtype);

/// Numbers (`double`s) of one element: 2 for complex types, else 1.
int components(Dtype dtype);

bool is_integer(Dtype dtype);

/// The largest finite number of a floating-point type; of a complex one, of its parts. Of other types, infinity.
double largest(Dtype dtype);

/// Rounds `values` once, to nearest with ties to even, into little-endian elements of `dtype`.
/// `out` has values.size() / components(dtype) elements. Values outside an integer type's range are a caller's mistake.
void encode(std::span<const double> values, Dtype dtype, std::span<std::byte> out);

/// The same for even[0], odd[0], even[1], odd[1], ... and a floating-point or complex type. `even` and `odd` are equally long.
void encode_in_turn(std::span<const double> even, std::span<const double> odd, Dtype dtype, std::span<std::byte> out);

/// The inverse of encode: every stored type becomes `double` (64-bit integers beyond 2^53 lose their last bits).
void decode(std::span<const std::byte> bytes, Dtype dtype, std::span<double> values);

}  // namespace pe
