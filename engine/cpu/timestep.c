/* Sinusoidal features of a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"
#include "engine/ops/ops.h"

/* Frequency and angle are rounded to f32 where diffusers rounds them: at t = 1000 that is what the last digits hang on. */
static gboolean
timestep_run (LimnCpuTask *task)
{
  const LimnTimestepArgs *args = limn_node_args (task->node);
  const float            *time = task->inputs[0];
  const float             log_period = 9.210340371976184f; /* ln 10000 */
  int                     half = args->channels / 2;

  for (int n = 0; n < task->node->output->shape.n; n++)
    {
      float *y = (float *) task->output + (gsize) n * (gsize) args->channels;

      y[args->channels - 1] = 0;
      for (int i = 0; i < half; i++)
        {
          float frequency = (float) exp ((double) (-log_period * (float) i / (float) half));
          float angle = args->scale * (time[n] * frequency);

          y[i] = (float) cos ((double) angle);
          y[half + i] = (float) sin ((double) angle);
        }
    }
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (timestep) = { .run = timestep_run };
