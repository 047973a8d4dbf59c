/* Control pictures made from ordinary ones, without a model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * limn_control_canny:
 * @picture: [1, h, w, 3], 0…1
 *
 * Edges one pixel wide, white on black (J. Canny, "A Computational Approach to Edge Detection", 1986): a Gaussian, Sobel's gradient, only
 * what is largest across the edge, and of that what is strong or hangs together with what is strong.
 *
 * Returns: (transfer full): [1, h, w, 3] of 0 and 1
 */
LimnArray *limn_control_canny (const LimnArray *picture);

/**
 * limn_control_line:
 * @picture: [1, h, w, 3], 0…1
 *
 * A line drawing, white on black: the extended difference of Gaussians (H. Winnemöller, J. E. Kyprianidis, S. C. Olsen, "XDoG: An eXtended
 * difference-of-Gaussians compendium including advanced image stylization", 2012), inverted.
 *
 * Returns: (transfer full): [1, h, w, 3], 0…1
 */
LimnArray *limn_control_line (const LimnArray *picture);

typedef LimnArray *(*LimnControlMaker) (const LimnArray *picture);

/* Returns: (nullable): what makes control pictures of @kind; %NULL where they are given finished */
LimnControlMaker limn_control_maker (const char *kind);

G_END_DECLS
