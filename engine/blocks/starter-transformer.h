/* The generator of the starter model: a flow transformer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

/**
 * LimnStarterTransformerConfig:
 * @patch: side of the square of latent places that is one token
 * @channels: of the latent
 * @side: height and width of the latent: positions are learnt for this size only
 * @epsilon: of the layer norms
 */
typedef struct
{
  int   width, layers, heads, patch, channels, side;
  float epsilon;
} LimnStarterTransformerConfig;

/**
 * limn_starter_transformer:
 * @x: noisy latent, normalised, [n, side, side, channels]
 * @time: f32 [1, 1, 1, 1], 0 (picture) … 1 (noise)
 * @text: [n, 1, t, width]
 * @lengths: i32 [n, 1, 1, 1]: leading tokens that are no padding
 *
 * A diffusion transformer (Peebles & Xie, 2023) with one modulation for all blocks and cross-attention to the text as PixArt-α has
 * them (Chen et al., 2023).
 *
 * Returns: velocity, noise - picture, [n, side, side, channels]
 */
LimnTensor *limn_starter_transformer (const LimnScope                    *scope,
                                      const LimnStarterTransformerConfig *config,
                                      LimnTensor                         *x,
                                      LimnTensor                         *time,
                                      LimnTensor                         *text,
                                      LimnTensor                         *lengths);

G_END_DECLS
