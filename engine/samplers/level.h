/* Noise levels: how much picture and how much noise a latent holds, and what a network's output means there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnNoiseLevel:
 * @alpha: how much picture, 0…1
 * @sigma: how much noise, 0 or more
 * @time: what the network is told: 0…999 for diffusion models, 0…1 for flow models
 *
 * A latent at this level is x = alpha · picture + sigma · noise, noise ~ N (0, 1).
 */
typedef struct
{
  double alpha, sigma, time;
} LimnNoiseLevel;

/**
 * LimnPath:
 * @LIMN_PATH_EXPLODING: alpha = 1, sigma from 0 to ∞: k-diffusion's view of a diffusion model (Karras et al., 2022)
 * @LIMN_PATH_PRESERVING: alpha² + sigma² = 1: diffusers' view of the same model (Ho et al., 2020)
 * @LIMN_PATH_STRAIGHT: alpha + sigma = 1: rectified flow (Liu et al., 2022)
 *
 * The way that levels take from noise to picture. The first two differ by a factor of the latent only.
 */
typedef enum
{
  LIMN_PATH_EXPLODING,
  LIMN_PATH_PRESERVING,
  LIMN_PATH_STRAIGHT
} LimnPath;

/**
 * LimnPrediction:
 * @LIMN_PREDICTION_NOISE: the noise ε
 * @LIMN_PREDICTION_V: alpha · ε - sigma · picture, on the preserving path (Salimans & Ho, 2022)
 * @LIMN_PREDICTION_FLOW: ε - picture, on the straight path
 */
typedef enum
{
  LIMN_PREDICTION_NOISE,
  LIMN_PREDICTION_V,
  LIMN_PREDICTION_FLOW
} LimnPrediction;

/* Returns: sigma / alpha: the level's noise as k-diffusion counts it; infinite where there is no picture left */
double limn_level_ratio (const LimnNoiseLevel *level);

/**
 * limn_level_input_scale:
 *
 * Returns: what a latent at @level is multiplied with before a network that predicts @prediction sees it
 */
double limn_level_input_scale (const LimnNoiseLevel *level,
                               LimnPrediction        prediction);

/**
 * limn_level_denoise:
 * @x: the latent at @level, @n numbers, unscaled
 * @predicted: what the network said, @n numbers
 * @denoised: (out caller-allocates): the picture that this means, @n numbers; may be @predicted
 *
 * Infinite or NaN where @level holds no picture and noise was predicted: nothing can be known then.
 */
void limn_level_denoise (const LimnNoiseLevel *level,
                         LimnPrediction        prediction,
                         const float          *x,
                         const float          *predicted,
                         float                *denoised,
                         gsize                 n);

/**
 * limn_level_mix:
 * @x: (out caller-allocates): alpha · @picture + sigma · @noise, @n numbers; may be either of them
 *
 * Noises a picture to @level.
 */
void limn_level_mix (const LimnNoiseLevel *level,
                     const float          *picture,
                     const float          *noise,
                     float                *x,
                     gsize                 n);

G_END_DECLS
