/* The enlarger of the starter model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

/**
 * limn_starter_enlarger:
 * @picture: -1…1, [n, h, w, 3]
 * @scale: how many times as wide and high the result is
 *
 * Adds what is missing to the picture with every pixel repeated. All layers work at the small size;
 * the last one's channels become pixels (Shi et al., 2016; without the residual blocks:
 * SRVGGNetCompact, Wang et al., 2021). Blocks are read off the names of the tensors.
 *
 * Returns: -1…1, [n, h · scale, w · scale, 3]
 */
LimnTensor *limn_starter_enlarger (const LimnScope *scope,
                                   LimnTensor      *picture,
                                   int              scale);

/* Returns: how many times as large @weights make a picture; 0 if they are no enlarger's. */
int limn_starter_enlarger_scale (const LimnWeights *weights);

G_END_DECLS
