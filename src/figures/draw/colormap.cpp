#include "figures/draw/colormap.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

// Every third of the 256 colours, as rrggbb; between them straight lines, within 1/255 of the originals (cividis 2/255).
// viridis, magma, inferno: S. van der Walt and N. Smith, CC0. cividis: Nunez, Anderton, Renslow 2018 (10.1371/journal.pone.0199239).
constexpr std::string_view kViridis =
    "440154450559460a5d470e61471365481769481b6d481f70482374482677472a7a472e7c46327e453581443983433d844240864144873f47883e4a89"
    "3d4e8a3b518b3a548c38588c375b8d355e8d34618d32648e31678e306a8e2e6d8e2d708e2c728e2b758e2a788e297b8e277e8e26818e25838e24868e"
    "23898e228c8d218f8d20928c1f948c1f978b1f9a8a1e9d891fa0881fa28721a58522a88425ab8227ad812ab07f2eb37c32b67a37b8783bbb7540bd72"
    "46c06f4cc26c52c56958c7655ec96265cb5e6ccd5a73d0567ad15181d34d89d54890d74398d83ea0da39a8db34b0dd2fb8de29c0df25c8e020d0e11c"
    "d8e219dfe318e7e419efe51cf6e620fde725";
constexpr std::string_view kMagma =
    "00000401010802020d04041406051a0907200c0926100b2d130d34160f3b1a10421e11492211502712582c115f31116536106b3b0f70400f74451077"
    "4a10794f127b54137d59157e5d177f621980671b806b1d81701f817521817922827e24828326818827818c2981912b81962c809b2e7fa02f7fa5317e"
    "aa337dae347bb3367ab83779bd3977c23b75c73d73cc3f71d0416fd5446dd9466bde4968e24d66e55064e95462ec5860ef5d5ef2625df4675cf66c5c"
    "f7725cf9785dfa7d5efb835ffc8961fc8e64fd9467fd9a6afe9f6dfea571feaa74feb078feb67cfebb81fec185fec68afecc8ffed194fed799fddc9e"
    "fde2a3fde7a9fcecaefcf2b4fcf7b9fcfdbf";
constexpr std::string_view kInferno =
    "00000401010802020e04031407051b0a07220d0829110a30150b37190c3e1e0c45230c4c280b532d0b59320a5e3809623d0965420a68470b6a4c0c6b"
    "510e6c550f6d5a116e5f136e64156e69166e6d186e721a6e771c6d7c1d6d801f6c85216b8a226a8f24699326679827669d2964a22b62a62d60ab2f5e"
    "b0315bb43359b93556bd3853c13a50c63d4dca404ace4347d24644d54a41d94d3ddd513ae05536e35933e65d2fe9612beb6628ee6a24f06f20f2741c"
    "f47918f67e14f78410f8890cf98e09fa9407fb9906fc9f07fca50afcaa0ffcb014fbb61afbbc21fac228f9c72ff8cd37f7d340f5d949f4df53f3e55d"
    "f2ea69f1ef75f2f482f4f88ef8fb9afcffa4";
constexpr std::string_view kCividis =
    "00224e00255300275800295d002b62002d68002f6d0031700533710f35701637701c396f213b6e263d6e2a3f6d2e416d32436d35456c39486c3c4a6c"
    "3f4c6c424e6c45506c48526c4b546c4e566c51586d545a6d565c6d595e6e5c616e5e636f61656f646770666970696b716c6d726e6f73717274737475"
    "7676767878777b7a787e7c78807f788381798683798985788c88788f8a78928c78948e779791779a93769d9576a09875a39a74a69c74a99f73aca172"
    "afa471b3a670b6a96fb9ab6dbcae6cbfb06bc2b369c5b568c8b866ccba64cfbd62d2c060d5c25ed9c55cdcc859dfca57e2cd54e6d051e9d34eedd54a"
    "f0d846f3db42f7de3efbe138fee434fee838";

// ColorBrewer's RdBu and PuOr with 11 colours (C. Brewer, Apache 2.0), from the other end: lightness falls alike on both sides.
constexpr std::string_view kBlueRed =
    "0530612166ac4393c392c5ded1e5f0f7f7f7fddbc7f4a582d6604db2182b67001f";
constexpr std::string_view kPurpleOrange =
    "2d004b5427888073acb2abd2d8daebf7f7f7fee0b6fdb863e08214b358067f3b08";

constexpr std::string_view kGray = "000000ffffff";

// Far in hue from every colour of the maps it stands in for.
constexpr Color kBadGrey{128, 128, 128}, kBadRed{214, 39, 40};

double channel(std::string_view hex) {
  int value = 0;
  std::from_chars(hex.data(), hex.data() + 2, value, 16);
  return value;
}

// The 256 colours that lie evenly on the straight lines between the given ones.
std::array<Color, 256> spread(std::string_view hex) {
  const std::size_t last = hex.size() / 6 - 1;
  std::array<Color, 256> colors{};
  for (std::size_t i = 0; i < 256; ++i) {
    const double at = static_cast<double>(i * last) / 255;
    const std::size_t left = std::min(static_cast<std::size_t>(at), last - 1);
    const double t = at - static_cast<double>(left);
    const auto mix = [&](std::size_t offset) {
      const double a = channel(hex.substr(6 * left + offset)), b = channel(hex.substr(6 * left + 6 + offset));
      return static_cast<std::uint8_t>(std::lround(a + t * (b - a)));
    };
    colors[i] = {mix(0), mix(2), mix(4)};
  }
  return colors;
}

}  // namespace

const std::vector<Colormap>& all_colormaps() {
  static const std::vector<Colormap> maps = {
      {"viridis", "dark blue, green, yellow", false, spread(kViridis), kBadGrey, "grey"},
      {"magma", "black, purple, cream", false, spread(kMagma), kBadGrey, "grey"},
      {"inferno", "black, red, yellow", false, spread(kInferno), kBadGrey, "grey"},
      {"cividis", "blue to yellow, the same to colour-blind readers", false, spread(kCividis), kBadRed, "red"},
      {"gray", "black to white", false, spread(kGray), kBadRed, "red"},
      {"blue-red", "blue below 0, white, red above (ColorBrewer RdBu)", true, spread(kBlueRed), kBadGrey, "grey"},
      {"purple-orange", "purple below 0, white, orange above (ColorBrewer PuOr)", true, spread(kPurpleOrange), kBadGrey, "grey"},
  };
  return maps;
}

const Colormap& find_colormap(const std::string& name) {
  std::vector<std::string> names;
  for (const Colormap& map : all_colormaps()) {
    if (map.name == name) return map;
    names.push_back(map.name);
  }
  throw Error(fmt::format("--colormap {} is not known{}", name, nearest_hint(name, names)));
}

Color ink_on(Color ground) {
  const int luma = (2 * ground.r + 5 * ground.g + ground.b) / 8;
  return luma > 127 ? Color{0, 0, 0} : Color{255, 255, 255};
}

Range widened(Range range) {
  if (range.low < range.high) return range;
  return range.low == 0 ? Range{0, 1} : Range{std::min(range.low, 0.0), std::max(range.low, 0.0)};
}

ColorScale::ColorScale(const Colormap& map, Range range, bool whole) : map_(&map), range_(range), whole_(whole) {
  assert(std::isfinite(range.low) && std::isfinite(range.high) && range.low < range.high);
  const double reach = std::max(std::abs(range.low), std::abs(range.high));
  per_value_ = map.diverging ? 127.5 / reach : 255 / (range.high - range.low);
  zero_ = map.diverging ? 127.5 : -range.low * per_value_;
}

Color ColorScale::operator()(double value) const {
  if (!std::isfinite(value)) return map_->bad;
  const double index = zero_ + per_value_ * std::clamp(value, range_.low, range_.high);
  return map_->colors[static_cast<std::size_t>(std::clamp(index + 0.5, 0.0, 255.0))];
}

}  // namespace pe
