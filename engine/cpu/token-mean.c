/* Mean over the tokens that a prompt has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

enum
{
  CHANNELS = 256
};

/* Means of a span of channels, in double: a long prompt's sum keeps its last digits. */
static void
token_mean_span (const LimnCpuTask *task,
                 gsize              sample,
                 gsize              first)
{
  const LimnTensor *x = task->node->inputs[0];
  gsize             channels = (gsize) x->shape.c, n = MIN (channels - first, CHANNELS);
  gsize             positions = limn_shape_positions (x->shape);
  gint64            length = CLAMP (((const gint32 *) task->inputs[1])[sample], 1, (gint64) positions);
  double            sums[CHANNELS] = { 0 };
  float             buffer[CHANNELS];
  float            *y = limn_target (x->type, task->output, sample * channels + first, buffer);

  for (gsize t = 0; t < (gsize) length; t++)
    {
      const float *row = limn_load (x->type, task->inputs[0],
                                    (sample * positions + t) * channels + first, n, buffer);

      for (gsize i = 0; i < n; i++)
        sums[i] += row[i];
    }
  for (gsize i = 0; i < n; i++)
    y[i] = (float) (sums[i] / (double) length);
  limn_store (x->type, y, task->output, sample * channels + first, n);
}

static gboolean
token_mean_run (LimnCpuTask *task)
{
  LimnShape shape = task->node->output->shape;

  for (gsize sample = 0; sample < (gsize) shape.n; sample++)
    for (gsize first = 0; first < (gsize) shape.c; first += CHANNELS)
      token_mean_span (task, sample, first);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (token_mean) = { .run = token_mean_run };
