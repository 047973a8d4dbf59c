/* RRDBNet: the upscaler of ESRGAN and Real-ESRGAN, residual in residual dense blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"
#include "engine/blocks/upscaler-facts.h"

G_BEGIN_DECLS

/**
 * limn_rrdb_measure:
 * @weights: under Real-ESRGAN's names
 *
 * Returns: whether @weights are such a network and nothing else; then @facts tells which
 */
gboolean limn_rrdb_measure (const LimnWeights *weights,
                            LimnUpscalerFacts *facts);

/**
 * limn_rrdb:
 * @picture: f32 [n, h, w, 3], 0…1; unshuffle divides h and w
 *
 * ESRGAN (Wang et al., 2018); with the picture in squares, Real-ESRGAN (Wang et al., 2021). Features are doubled in size "doublings"
 * times, so that the scale is 2^doublings / unshuffle.
 *
 * Returns: f32 [n, h · scale, w · scale, 3], around 0…1
 */
LimnTensor *limn_rrdb (const LimnScope         *scope,
                       const LimnUpscalerFacts *facts,
                       LimnTensor              *picture);

G_END_DECLS
