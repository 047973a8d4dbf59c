/* The tiny autoencoder (TAESD): convolutions and residual blocks in a row, without norms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

/**
 * LimnTinyVaeFacts:
 * @layers: places of the sequence
 * @levels: halvings or doublings of the size
 * @channels: of the latent
 *
 * Of one half.
 */
typedef struct
{
  int layers;
  int levels;
  int channels;
} LimnTinyVaeFacts;

/**
 * limn_tiny_vae_measure:
 * @weights: of one half, "layers.N.…"
 * @decoder: which half it should be
 *
 * Returns: whether @weights are such a half and nothing else; then @facts tells which
 */
gboolean limn_tiny_vae_measure (const LimnWeights *weights,
                                gboolean           decoder,
                                LimnTinyVaeFacts  *facts);

/**
 * limn_tiny_vae_encoder:
 * @picture: f32 [n, h, w, 3], 0…1
 *
 * Returns: f32 [n, h / 2^levels, w / 2^levels, channels], rounded up: the latent as samplers have it
 */
LimnTensor *limn_tiny_vae_encoder (const LimnScope        *scope,
                                   const LimnTinyVaeFacts *facts,
                                   LimnTensor             *picture);

/**
 * limn_tiny_vae_decoder:
 * @latent: f32 [n, h, w, channels], as samplers leave it
 *
 * Returns: f32 [n, h · 2^levels, w · 2^levels, 3], around 0…1
 */
LimnTensor *limn_tiny_vae_decoder (const LimnScope        *scope,
                                   const LimnTinyVaeFacts *facts,
                                   LimnTensor             *latent);

G_END_DECLS
