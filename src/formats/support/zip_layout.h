#pragma once
// Numbers of zip archives, for those who write and read them; the layout stands in formats/npz.cpp.

#include <libdeflate.h>

#include <cstdint>
#include <span>

#include "core/tensor.h"

namespace pe::zip {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint32_t kFull32 = 0xffffffff;   ///< "see the zip64 extra field"
constexpr std::uint16_t kFull16 = 0xffff;
constexpr std::uint16_t kZip64Field = 1, kVersion = 20, kVersion64 = 45;
constexpr std::uint16_t kDate1980 = 1 << 5 | 1;   ///< 1980-01-01
constexpr Index kLocalSize = 30, kCentralSize = 46, kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20;
constexpr Index kCrcInLocal = 14;

inline std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) { return libdeflate_crc32(crc, bytes.data(), bytes.size()); }

}  // namespace pe::zip
