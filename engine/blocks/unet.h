/* The U-Net of latent diffusion models, conditioned on text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

#define LIMN_UNET_MAX_LEVELS 8
#define LIMN_UNET_MAX_LAYERS 6
#define LIMN_UNET_MAX_DEPTH 32

/**
 * LimnUnetConfig:
 * @width: channels of the top level; the time embedding starts from as many
 * @levels: resolutions
 * @heads: attention heads of each level
 * @down_depth: transformer blocks in each attention on the way down; 0: the level has no attention
 * @up_depth: the same for the way up, indexed by level, too (0 is the top, which comes last)
 * @mid_depth: transformer blocks in the middle; 0: no attention there
 * @layers: residual blocks of a level on the way down; one more on the way up
 * @context: channels of the text
 * @added: numbers that the added embedding takes: the pooled text and @conditions of @condition_width each; 0: there is none
 * @groups: of the group norms
 * @epsilon: of the residual blocks' norms
 *
 * UNet2DConditionModel of diffusers: the U-Net of Rombach et al. (2022), "High-Resolution Image Synthesis with Latent Diffusion Models",
 * and of Podell et al. (2023), "SDXL".
 */
typedef struct
{
  int   in_channels, out_channels;
  int   width;
  int   levels;
  int   heads[LIMN_UNET_MAX_LEVELS];
  int   down_depth[LIMN_UNET_MAX_LEVELS];
  int   up_depth[LIMN_UNET_MAX_LEVELS];
  int   mid_depth;
  int   layers;
  int   context;
  int   added, conditions, condition_width;
  int   groups;
  float epsilon;
} LimnUnetConfig;

/* Results that the way up is given: of the first convolution, and of every layer and halving on the way down. */
#define LIMN_UNET_MAX_SKIPS (1 + LIMN_UNET_MAX_LEVELS * (LIMN_UNET_MAX_LAYERS + 1))

/**
 * LimnUnetInputs:
 * @x: noisy latent, [n, h, w, in_channels], any h and w of at least 1
 * @time: f32 [1, 1, 1, 1], 0…1000, may lie between whole numbers
 * @text: [n, 1, t, context]
 * @pooled: (nullable): f32 [n, 1, 1, c], the text as one vector
 * @conditions: (nullable): f32 [n, 1, 1, conditions], sizes in pixels and such (Podell et al., 2023)
 * @hint: (nullable): added to what the first convolution makes of @x
 */
typedef struct
{
  LimnTensor *x, *time, *text;
  LimnTensor *pooled, *conditions;
  LimnTensor *hint;
} LimnUnetInputs;

/**
 * LimnUnetWay:
 * @time: embedding of time and conditions, through SiLU
 * @skips: results on the way down, in order
 * @middle: the last result
 *
 * The first half of a U-Net.
 */
typedef struct
{
  LimnTensor *time;
  LimnTensor *skips[LIMN_UNET_MAX_SKIPS];
  int         n_skips;
  LimnTensor *middle;
} LimnUnetWay;

/* Down and through the middle. */
void limn_unet_down (const LimnScope      *scope,
                     const LimnUnetConfig *config,
                     const LimnUnetInputs *inputs,
                     LimnUnetWay          *way);

/**
 * limn_unet_up:
 * @way: as limn_unet_down() left it; something may have been added to its results
 *
 * Returns: what it predicts of the noise, [n, h, w, out_channels]
 */
LimnTensor *limn_unet_up (const LimnScope      *scope,
                          const LimnUnetConfig *config,
                          const LimnUnetInputs *inputs,
                          LimnUnetWay          *way);

G_END_DECLS
