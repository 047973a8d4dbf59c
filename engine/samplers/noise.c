/* Random noise that equals PyTorch's for the same seed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/noise.h"

#include "engine/core/type.h"

#include <math.h>

#include "engine/samplers/mt19937.h"
#include "engine/samplers/philox.h"

/* PyTorch fills blocks of 16 at once, and takes another way below that. */
#define BLOCK 16

struct _LimnNoise
{
  LimnNoiseKind kind;
  guint64       seed;
  LimnMt19937   twister;
  gboolean      has_second; /* Box-Muller gives two; the second waits for the next draw */
  double        second;
  guint32       draws; /* of the CUDA stream: its counter's first word */
};

LimnNoise *
limn_noise_new (LimnNoiseKind kind,
                guint64       seed)
{
  LimnNoise *noise = g_new0 (LimnNoise, 1);

  noise->kind = kind;
  noise->seed = seed;
  limn_mt19937_seed (&noise->twister, (guint32) seed);
  return noise;
}

void
limn_noise_free (LimnNoise *noise)
{
  g_free (noise);
}

static float
uniform (LimnNoise *noise)
{
  return (float) (limn_mt19937_next (&noise->twister) & 0xffffff) * 0x1p-24f;
}

static double
uniform_double (LimnNoise *noise)
{
  return (double) (limn_mt19937_next_64 (&noise->twister) & ((G_GUINT64_CONSTANT (1) << 53) - 1)) * 0x1p-53;
}

/* One normal number at a time, in double precision whatever is asked for. */
static double
normal_one (LimnNoise *noise)
{
  double angle, radius;

  if (noise->has_second)
    {
      noise->has_second = FALSE;
      return noise->second;
    }

  angle = 2 * G_PI * uniform_double (noise);
  radius = sqrt (-2 * log1p (-uniform_double (noise)));
  noise->second = radius * sin (angle);
  noise->has_second = TRUE;
  return radius * cos (angle);
}

/* 8 radii and 8 angles → 16 normal numbers (Box & Muller, 1958). */
static void
transform_block (float *values)
{
  for (int i = 0; i < BLOCK / 2; i++)
    {
      float radius = sqrtf (-2 * logf (1 - values[i]));
      float angle = (float) (2 * G_PI) * values[i + BLOCK / 2];

      values[i] = radius * cosf (angle);
      values[i + BLOCK / 2] = radius * sinf (angle);
    }
}

static void
transform_block_double (double *values)
{
  for (int i = 0; i < BLOCK / 2; i++)
    {
      double radius = sqrt (-2 * log (1 - values[i]));
      double angle = 2 * G_PI * values[i + BLOCK / 2];

      values[i] = radius * cos (angle);
      values[i + BLOCK / 2] = radius * sin (angle);
    }
}

/* @drawn: uniform numbers taken before the blocks are made, @n or less by what is left over */
static void
normal_blocks (LimnNoise *noise,
               float     *values,
               gsize      n,
               gsize      drawn)
{
  limn_noise_uniform (noise, values, drawn);
  for (gsize i = 0; i + BLOCK <= n; i += BLOCK)
    transform_block (values + i);

  /* What is left over shares its block with numbers that are already done: the whole block is drawn again. */
  if (n % BLOCK != 0)
    {
      limn_noise_uniform (noise, values + n - BLOCK, BLOCK);
      transform_block (values + n - BLOCK);
    }
}

static void
normal_cpu (LimnNoise *noise,
            float     *values,
            gsize      n)
{
  if (n >= BLOCK)
    {
      normal_blocks (noise, values, n, n);
      return;
    }
  for (gsize i = 0; i < n; i++)
    values[i] = (float) normal_one (noise);
}

/*
 * Each element has a thread, and each thread a counter; of the two normals the second is thrown away. 0 is no uniform number here:
 * a word counts as the middle of its 2^-32.
 */
static void
normal_cuda (LimnNoise *noise,
             float     *values,
             gsize      n)
{
  const double step = 0x1p-32, turn = (float) (2 * G_PI) * 0x1p-32f;

  for (gsize i = 0; i < n; i++)
    {
      guint32 words[4] = { noise->draws, 0, (guint32) i, 0 };
      float   uniform_number, angle;

      limn_philox (words, noise->seed);
      uniform_number = (float) ((words[0] + 0.5) * step);
      angle = (float) ((words[1] + 0.5) * turn);
      values[i] = sqrtf (-2 * logf (uniform_number)) * sinf (angle);
    }
  noise->draws++;
}

void
limn_noise_normal (LimnNoise *noise,
                   float     *values,
                   gsize      n)
{
  if (noise->kind == LIMN_NOISE_CUDA)
    normal_cuda (noise, values, n);
  else
    normal_cpu (noise, values, n);
}

static void
fill_double (LimnNoise *noise,
             double    *values,
             gsize      n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = uniform_double (noise);
}

void
limn_noise_normal_double (LimnNoise *noise,
                          double    *values,
                          gsize      n)
{
  if (n < BLOCK)
    {
      for (gsize i = 0; i < n; i++)
        values[i] = normal_one (noise);
      return;
    }

  fill_double (noise, values, n);
  for (gsize i = 0; i + BLOCK <= n; i += BLOCK)
    transform_block_double (values + i);
  if (n % BLOCK != 0)
    {
      fill_double (noise, values + n - BLOCK, BLOCK);
      transform_block_double (values + n - BLOCK);
    }
}

void
limn_noise_normal_half (LimnNoise *noise,
                        float     *values,
                        gsize      n)
{
  /* Of halves PyTorch draws no uniform number that it will not use. */
  if (noise->kind == LIMN_NOISE_CPU && n >= BLOCK)
    normal_blocks (noise, values, n, n / BLOCK * BLOCK);
  else
    limn_noise_normal (noise, values, n);
  for (gsize i = 0; i < n; i++)
    {
      guint16 half = limn_f16_from_f32 (values[i]);

      limn_type_to_f32 (LIMN_F16, &half, &values[i], 1);
    }
}

void
limn_noise_uniform (LimnNoise *noise,
                    float     *values,
                    gsize      n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = uniform (noise);
}
