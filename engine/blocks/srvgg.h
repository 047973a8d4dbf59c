/* SRVGGNetCompact: the small upscaler of Real-ESRGAN, a plain row of convolutions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"
#include "engine/blocks/upscaler-facts.h"

G_BEGIN_DECLS

/**
 * limn_srvgg_measure:
 * @weights: body.0, body.2, … convolutions; body.1, body.3, … slopes
 *
 * Returns: whether @weights are such a network and nothing else; then @facts tells which
 */
gboolean limn_srvgg_measure (const LimnWeights *weights,
                             LimnUpscalerFacts *facts);

/**
 * limn_srvgg:
 * @picture: f32 [n, h, w, 3], 0…1
 *
 * Convolutions with learnt rectifiers between them; the last one's channels are the squares of pixels to be added to the picture,
 * enlarged by repeating its pixels. Network: Real-ESRGAN (Wang et al., 2021), as its authors' program has it.
 *
 * Returns: f32 [n, h · scale, w · scale, 3], around 0…1
 */
LimnTensor *limn_srvgg (const LimnScope         *scope,
                        const LimnUpscalerFacts *facts,
                        LimnTensor              *picture);

G_END_DECLS
