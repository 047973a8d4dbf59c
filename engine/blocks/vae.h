/* The autoencoder of latent diffusion models.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

#define LIMN_VAE_MAX_LEVELS 8

/**
 * LimnVaeConfig:
 * @levels: resolutions; each but the last halves the picture
 * @layers: residual blocks of a level in the encoder; the decoder has one more
 * @groups: of the group norms
 * @latent_channels: of the latent; the encoder gives twice as many
 * @quant_conv, @post_quant_conv: whether there is a 1 × 1 convolution after the encoder, before the decoder
 * @mid_attention: whether the middle has self-attention
 */
typedef struct
{
  int      levels, layers, groups, latent_channels;
  gboolean quant_conv, post_quant_conv, mid_attention;
} LimnVaeConfig;

/**
 * limn_vae_decode:
 * @latent: unscaled, [n, h, w, latent_channels]
 *
 * AutoencoderKL of diffusers: Rombach et al. (2022), after Esser et al. (2021).
 *
 * Returns: pictures of -1…1, [n, H, W, 3]
 */
LimnTensor *limn_vae_decode (const LimnScope     *scope,
                             const LimnVaeConfig *config,
                             LimnTensor          *latent);

/**
 * limn_vae_encode:
 * @picture: -1…1, [n, H, W, 3]
 *
 * Returns: mean and logarithm of the variance of the posterior, one after the other, [n, h, w, 2 · latent_channels]
 */
LimnTensor *limn_vae_encode (const LimnScope     *scope,
                             const LimnVaeConfig *config,
                             LimnTensor          *picture);

G_END_DECLS
