#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "figures/draw/canvas.h"

namespace pe {

/// The canvas as a PNG file: RGB, 8 bits, deflated by libdeflate. `description` (UTF-8) goes into an iTXt chunk with the keyword
/// "Description", and `pixels_per_point` into pHYs (72 * that per inch). The same canvas and text give the same bytes.
std::vector<std::byte> encode_png(const Canvas& canvas, const std::string& description, double pixels_per_point);

}  // namespace pe
