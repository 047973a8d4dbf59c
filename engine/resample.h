/* Arrays of another size, by filters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/tensor.h"

G_BEGIN_DECLS

typedef enum
{
  LIMN_FILTER_LINEAR, /* between the two nearest positions, also where it gets smaller: as PyTorch's interpolate() without antialiasing */
  LIMN_FILTER_LANCZOS /* windowed sinc of three lobes (Duchon, 1979), wider where it gets smaller */
} LimnFilter;

/**
 * limn_array_resample:
 * @array: [n, h, w, c]
 *
 * Edges go on with their last value.
 *
 * Returns: (transfer full): [n, height, width, c]
 */
LimnArray *limn_array_resample (const LimnArray *array,
                                int              height,
                                int              width,
                                LimnFilter       filter);

G_END_DECLS
