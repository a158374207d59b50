#include "figures/draw/text.h"

#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>

#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb/stb_truetype.h>

// The font files, put into the program by the build.
extern "C" const unsigned char pe_font_regular[];
extern "C" const unsigned char pe_font_bold[];

namespace pe {
namespace {

// Glyphs start at quarters of a pixel: finer is not seen at these sizes, coarser makes uneven gaps between letters.
constexpr double kPhases = 4;

const stbtt_fontinfo& face(bool bold) {
  static const std::array<stbtt_fontinfo, 2> faces = [] {
    std::array<stbtt_fontinfo, 2> loaded{};
    [[maybe_unused]] const int regular_ok = stbtt_InitFont(&loaded[0], pe_font_regular, 0);
    [[maybe_unused]] const int bold_ok = stbtt_InitFont(&loaded[1], pe_font_bold, 0);
    assert(regular_ok && bold_ok);
    return loaded;
  }();
  return faces[bold ? 1 : 0];
}

float em_scale(Font font) { return stbtt_ScaleForMappingEmToPixels(&face(font.bold), static_cast<float>(font.size)); }

// Takes one code point off the front of `text`; U+FFFD and one byte for what is not UTF-8.
int next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
  bool valid = length != 0 && length <= text.size();
  unsigned code = length < 2 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte(i) & 0xC0) == 0x80;
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  text.remove_prefix(valid ? length : 1);
  return valid ? static_cast<int>(code) : 0xFFFD;
}

// Calls visit(glyph, pen) for every character, pen in pixels from the start; returns the pixels of the whole line.
template <class Visit>
double walk(std::string_view text, Font font, Visit visit) {
  const stbtt_fontinfo& info = face(font.bold);
  const double scale = em_scale(font);
  double pen = 0;
  int previous = 0;
  while (!text.empty()) {
    const int glyph = stbtt_FindGlyphIndex(&info, next_code_point(text));
    if (previous != 0) pen += scale * stbtt_GetGlyphKernAdvance(&info, previous, glyph);
    visit(glyph, pen);
    int advance = 0;
    stbtt_GetGlyphHMetrics(&info, glyph, &advance, nullptr);
    pen += scale * advance;
    previous = glyph;
  }
  return pen;
}

struct GlyphImage {
  int left = 0, top = 0, width = 0, height = 0;   // pixels; left and top from the pen on the baseline
  std::vector<std::uint8_t> coverage;             // row-major, 255 is all of the pixel
};

GlyphImage rasterize(int glyph, Font font, float shift) {
  const stbtt_fontinfo& info = face(font.bold);
  const float scale = em_scale(font);
  GlyphImage image;
  int right = 0, bottom = 0;
  stbtt_GetGlyphBitmapBoxSubpixel(&info, glyph, scale, scale, shift, 0, &image.left, &image.top, &right, &bottom);
  image.width = right - image.left;
  image.height = bottom - image.top;
  image.coverage.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
  if (!image.coverage.empty()) {
    stbtt_MakeGlyphBitmapSubpixel(&info, image.coverage.data(), image.width, image.height, image.width, scale, scale, shift, 0, glyph);
  }
  return image;
}

// Calls blend(along, across, alpha) for every pixel with ink: `along` the text from pixel 0, `across` downwards from the baseline.
template <class Blend>
void ink(std::string_view text, Font font, double start, Blend blend) {
  walk(text, font, [&](int glyph, double pen) {
    const double snapped = std::round((start + pen) * kPhases) / kPhases, whole = std::floor(snapped);
    const GlyphImage image = rasterize(glyph, font, static_cast<float>(snapped - whole));
    for (int y = 0, i = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x, ++i) {
        const std::uint8_t covered = image.coverage[static_cast<std::size_t>(i)];
        if (covered != 0) blend(static_cast<Index>(whole) + image.left + x, image.top + y, covered / 255.0);
      }
    }
  });
}

// How far before its anchor a text of this width starts.
double lead(double width, Align align) { return align == Align::left ? 0 : align == Align::right ? width : width / 2; }

}  // namespace

double text_width(std::string_view text, Font font) {
  return walk(text, font, [](int, double) {});
}

double cap_height(Font font) {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  stbtt_GetCodepointBox(&face(font.bold), 'H', &x0, &y0, &x1, &y1);
  return static_cast<double>(em_scale(font)) * y1;
}

void draw_text(Canvas& canvas, double x, Index y, std::string_view text, Font font, Color color, Align align) {
  const double start = x - lead(text_width(text, font), align);
  ink(text, font, start, [&](Index along, Index across, double alpha) { canvas.blend(along, y + across, color, alpha); });
}

void draw_text_upwards(Canvas& canvas, Index x, double y, std::string_view text, Font font, Color color, Align align) {
  const double start = -y - lead(text_width(text, font), align);
  ink(text, font, start, [&](Index along, Index across, double alpha) { canvas.blend(x + across, -1 - along, color, alpha); });
}

std::vector<std::string> wrap_text(std::string_view text, Font font, double width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::string_view rest = text;
    std::size_t fits = 0, after_space = 0;
    while (!rest.empty()) {
      const bool space = rest.front() == ' ';
      next_code_point(rest);
      const std::size_t end = text.size() - rest.size();
      if (fits != 0 && !space && text_width(text.substr(0, end), font) > width) break;
      fits = end;
      if (space) after_space = end;
    }
    const bool broken = fits < text.size();
    const std::size_t end = broken && after_space != 0 ? after_space : fits;
    std::string_view line = text.substr(0, end);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace pe
