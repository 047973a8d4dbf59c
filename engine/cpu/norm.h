/* What the norms share: scale and shift as floats, the moments of a row.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/kernel.h"

G_BEGIN_DECLS

typedef struct
{
  float *weight; /* scale of each channel */
  float *bias;   /* shift of each channel */
} LimnNormState;

/* Takes the node's two weights, [channels] each; ones and zeros where it has none. */
static inline void
limn_norm_state_new (LimnCpuTask *task,
                     gsize        channels)
{
  LimnNormState *state = g_new (LimnNormState, 1);

  state->weight = limn_kernel_vector (task->node->weights[0], channels, 1);
  state->bias = limn_kernel_vector (task->node->weights[1], channels, 0);
  task->state = state;
}

static inline void
limn_norm_state_free (LimnCpuTask *task)
{
  LimnNormState *state = task->state;

  if (state == NULL)
    return;
  g_free (state->weight);
  g_free (state->bias);
  limn_kernel_free_state (task);
}

/* Floats between two rows that different threads write: whole cache lines. */
static inline gsize
limn_norm_stride (gsize channels)
{
  return (channels + 15) / 16 * 16;
}

/* A buffer of one row for each thread. */
static inline gsize
limn_norm_rows_size (const LimnCpuTask *task,
                     gsize              channels)
{
  return (gsize) limn_cpu_threads (task->cpu) * limn_norm_stride (channels) * sizeof (float);
}

static inline float *
limn_norm_row (const LimnCpuTask *task,
               gsize              channels)
{
  return (float *) task->scratch + (gsize) omp_get_thread_num () * limn_norm_stride (channels);
}

static inline float
limn_row_mean (const float *x,
               gsize        n)
{
  float sum = 0;

#pragma omp simd reduction(+ \
                           : sum)
  for (gsize i = 0; i < n; i++)
    sum += x[i];
  return sum / (float) n;
}

static inline float
limn_row_mean_square (const float *x,
                      gsize        n)
{
  float sum = 0;

#pragma omp simd reduction(+ \
                           : sum)
  for (gsize i = 0; i < n; i++)
    sum += x[i] * x[i];
  return sum / (float) n;
}

/* Second pass around an approximate mean: corrects it, and gives the variance without cancellation (Chan et al., 1983). */
static inline float
limn_row_variance (const float *x,
                   gsize        n,
                   float       *mean)
{
  float about = *mean, sum = 0, squares = 0, correction;

#pragma omp simd reduction(+ \
                           : sum, squares)
  for (gsize i = 0; i < n; i++)
    {
      float d = x[i] - about;

      sum += d;
      squares += d * d;
    }
  correction = sum / (float) n;
  *mean = about + correction;
  return squares / (float) n - correction * correction;
}

G_END_DECLS
