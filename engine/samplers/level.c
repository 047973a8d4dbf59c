/* Noise levels: how much picture and how much noise a latent holds, and what a network's output means there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/level.h"

#include <math.h>

double
limn_level_ratio (const LimnNoiseLevel *level)
{
  return level->alpha > 0 ? level->sigma / level->alpha : INFINITY;
}

double
limn_level_input_scale (const LimnNoiseLevel *level,
                        LimnPrediction        prediction)
{
  return prediction == LIMN_PREDICTION_FLOW ? 1 : 1 / hypot (level->alpha, level->sigma);
}

/* Each prediction is linear: picture = from_x · x + from_predicted · predicted. */
void
limn_level_denoise (const LimnNoiseLevel *level,
                    LimnPrediction        prediction,
                    const float          *x,
                    const float          *predicted,
                    float                *denoised,
                    gsize                 n)
{
  double scale = limn_level_input_scale (level, LIMN_PREDICTION_V);
  double from_x = 1, from_predicted = -level->sigma;

  if (prediction == LIMN_PREDICTION_NOISE)
    {
      from_x = 1 / level->alpha;
      from_predicted = -level->sigma / level->alpha;
    }
  else if (prediction == LIMN_PREDICTION_V)
    {
      from_x = level->alpha * scale * scale;
      from_predicted = -level->sigma * scale;
    }

  for (gsize i = 0; i < n; i++)
    denoised[i] = (float) (from_x * x[i] + from_predicted * predicted[i]);
}

void
limn_level_mix (const LimnNoiseLevel *level,
                const float          *picture,
                const float          *noise,
                float                *x,
                gsize                 n)
{
  for (gsize i = 0; i < n; i++)
    x[i] = (float) (level->alpha * picture[i] + level->sigma * noise[i]);
}
