/* Root-mean-square normalisation of each token, or of each head of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/norm.h"
#include "engine/ops/ops.h"

static gboolean
rms_norm_prepare (LimnCpuTask *task,
                  GError     **error)
{
  limn_norm_state_new (task, task->node->weights[0]->n_elements);
  task->scratch_size = limn_norm_rows_size (task, (gsize) task->node->output->shape.c);
  return TRUE;
}

static void
rms_norm_head (const float *x,
               const float *weight,
               float        epsilon,
               float       *y,
               gsize        n)
{
  float factor = 1.0f / sqrtf (limn_row_mean_square (x, n) + epsilon);

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] * factor * weight[i];
}

static void
rms_norm_row (const LimnCpuTask *task,
              gsize              row)
{
  const LimnNormArgs  *args = limn_node_args (task->node);
  const LimnNormState *state = task->state;
  LimnType             type = task->node->output->type;
  gsize                n = (gsize) task->node->output->shape.c, at = row * n;
  gsize                width = task->node->weights[0]->n_elements;
  float               *buffer = limn_norm_row (task, n);
  const float         *x = limn_load (type, task->inputs[0], at, n, buffer);
  float               *y = limn_target (type, task->output, at, buffer);

  for (gsize first = 0; first < n; first += width)
    rms_norm_head (x + first, state->weight, args->epsilon, y + first, width);
  limn_store (type, y, task->output, at, n);
}

static gboolean
rms_norm_run (LimnCpuTask *task)
{
  LimnShape shape = task->node->output->shape;
  gsize     rows = limn_shape_rows (shape);

#pragma omp parallel for num_threads( \
    limn_cpu_threads(task->cpu)) if (limn_shape_elements(shape) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    rms_norm_row (task, row);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (rms_norm) = {
  .prepare = rms_norm_prepare,
  .run = rms_norm_run,
  .clear = limn_norm_state_free,
  .in_place = TRUE,
};
