/* Noise for latents, in the order that PyTorch's reference draws it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

/* Directions that differ less are as good as parallel: the sines below would be divided by hardly anything. */
#define PARALLEL 0.9995

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

/* The cosine of the angle between two columns of a latent: @n numbers, @stride apart. */
static double
cosine (const float *a,
        const float *b,
        int          n,
        gsize        stride)
{
  double product = 0, of_a = 0, of_b = 0;

  for (int i = 0; i < n; i++)
    {
      product += a[i * stride] * b[i * stride];
      of_a += a[i * stride] * a[i * stride];
      of_b += b[i * stride] * b[i * stride];
    }
  return product / sqrt (of_a * of_b);
}

static void
turn (float       *a,
      const float *b,
      int          n,
      gsize        stride,
      double       share)
{
  double angle = acos (CLAMP (cosine (a, b, n, stride), -1, 1)), sine = sin (angle);
  float  of_a = (float) (sin ((1 - share) * angle) / sine), of_b = (float) (sin (share * angle) / sine);

  for (int i = 0; i < n; i++)
    a[i * stride] = of_a * a[i * stride] + of_b * b[i * stride];
}

void
limn_draw_variation (LimnArray       *latent,
                     const LimnArray *other,
                     double           share)
{
  LimnShape shape = latent->shape;
  gsize     columns = (gsize) shape.w * shape.c;
  double    mean = 0;

  for (gsize i = 0; i < columns; i++)
    mean += cosine (latent->data + i, other->data + i, shape.h, columns) / (double) columns;
  for (gsize i = 0; i < columns; i++)
    if (mean <= PARALLEL)
      turn (latent->data + i, other->data + i, shape.h, columns, share);
}
