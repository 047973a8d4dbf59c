/* Noise for latents, in the order that PyTorch's reference draws it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

/* From [c, h, w]. */
static void
place_planes (const float *drawn,
              LimnShape    shape,
              float       *latent)
{
  gsize places = limn_shape_positions (shape), channels = shape.c;

  for (gsize p = 0; p < places; p++)
    for (gsize c = 0; c < channels; c++)
      latent[p * channels + c] = drawn[c * places + p];
}

/* From [h/p · w/p, c · p²] tokens, channel c · p² + dy · p + dx. */
static void
place_tokens (const float *drawn,
              LimnShape    shape,
              int          patch,
              float       *latent)
{
  int width = shape.c * patch * patch;

  for (int y = 0; y < shape.h; y++)
    for (int x = 0; x < shape.w; x++)
      for (int c = 0; c < shape.c; c++)
        {
          gsize token = (gsize) (y / patch) * (shape.w / patch) + x / patch;

          *latent++ = drawn[token * width + (c * patch + y % patch) * patch + x % patch];
        }
}

void
limn_draw_latent (LimnNoise       *noise,
                  const LimnFacts *facts,
                  LimnShape        shape,
                  float           *latent)
{
  gsize             n = limn_shape_elements (shape);
  g_autofree float *drawn = g_new (float, n);

  limn_noise_normal (noise, drawn, n);
  if (facts->noise_patch > 0)
    place_tokens (drawn, shape, facts->noise_patch, latent);
  else
    place_planes (drawn, shape, latent);
}

LimnArray *
limn_model_noise (LimnModel *model,
                  int        width,
                  int        height,
                  guint64    seed)
{
  const LimnFacts *facts = &model->facts;
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, seed);
  LimnArray *latent = limn_array_new ((LimnShape){
      1, limn_model_drawn_size (&model->info, height) / facts->latent_factor,
      limn_model_drawn_size (&model->info, width) / facts->latent_factor, facts->latent_channels });

  limn_draw_latent (noise, facts, latent->shape, latent->data);
  return latent;
}
