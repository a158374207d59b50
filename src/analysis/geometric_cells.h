#pragma once
#include <string>
#include <vector>

#include "analysis/resample_weights.h"

namespace pe {

inline const std::vector<std::string> kCurves{"lines", "spline"};

/// The q of the old cells of a window of `old_side` cells, chosen so that their 2 old_side - 1 offsets reach about as far as those of `new_side`
/// cells: sizes halve the interval 1.01..1.5 to 1e-6. Bao et al. 2021, arXiv:2106.08254 (BEiT), its code run_class_finetuning.py.
double geometric_ratio(Index old_side, Index new_side);

/// Where the 2 side - 1 offsets u = -(side-1) .. side-1 lie: sign(u) (q^|u| - 1) / (q - 1), near ones close to each other.
std::vector<double> geometric_places(Index side, double ratio);

/// The weights of the 2 new_side - 1 new offsets, which lie at the whole numbers; beyond the farthest old one they are that one. Between the
/// old ones runs a curve of kCurves: straight lines, or a cubic spline with not-a-knot ends, for which old_side is at least 3.
AxisWeights geometric_weights(Index old_side, Index new_side, const std::string& curve);

}  // namespace pe
