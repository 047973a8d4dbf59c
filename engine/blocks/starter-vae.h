/* The tiny autoencoder of the starter model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

/**
 * limn_starter_vae_encode:
 * @picture: -1…1, [n, H, W, 3]; H and W are multiples of the reduction
 *
 * Convolutions and residual blocks of three (after TAESD: Bohan, 2023), read off the names of the tensors: a block has "conv.0", a layer without
 * a bias changes the size, and indices that have no tensor are activations.
 *
 * Returns: latent, [n, h, w, c]
 */
LimnTensor *limn_starter_vae_encode (const LimnScope *scope,
                                     LimnTensor      *picture);

/**
 * limn_starter_vae_decode:
 * @latent: [n, h, w, c]; clamped softly to -3…3
 *
 * Returns: pictures of -1…1, [n, H, W, 3]
 */
LimnTensor *limn_starter_vae_decode (const LimnScope *scope,
                                     LimnTensor      *latent);

/* Returns: how many layers of the encoder halve the picture. */
int limn_starter_vae_halvings (const LimnWeights *weights);

G_END_DECLS
