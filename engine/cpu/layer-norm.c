/* Layer normalisation of each token.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/activate.h"
#include "engine/cpu/norm.h"
#include "engine/ops/ops.h"

static gboolean
layer_norm_prepare (LimnCpuTask *task,
                    GError     **error)
{
  gsize channels = (gsize) task->node->output->shape.c;

  limn_norm_state_new (task, channels);
  task->scratch_size = limn_norm_rows_size (task, channels);
  return TRUE;
}

static void
layer_norm_row (const LimnCpuTask *task,
                gsize              row)
{
  const LimnNormArgs  *args = limn_node_args (task->node);
  const LimnNormState *state = task->state;
  const float         *weight = state->weight, *bias = state->bias;
  LimnType             type = task->node->output->type;
  gsize                n = (gsize) task->node->output->shape.c, at = row * n;
  float               *buffer = limn_norm_row (task, n);
  const float         *x = limn_load (type, task->inputs[0], at, n, buffer);
  float               *y = limn_target (type, task->output, at, buffer);
  float                mean = limn_row_mean (x, n);
  float                variance = limn_row_variance (x, n, &mean);
  float                factor = 1.0f / sqrtf (variance + args->epsilon);

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = (x[i] - mean) * factor * weight[i] + bias[i];
  limn_activate_epilogues (task->node, y, n);
  limn_store (type, y, task->output, at, n);
}

static gboolean
layer_norm_run (LimnCpuTask *task)
{
  LimnShape shape = task->node->output->shape;
  gsize     rows = limn_shape_rows (shape);

#pragma omp parallel for num_threads( \
    limn_cpu_threads(task->cpu)) if (limn_shape_elements(shape) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    layer_norm_row (task, row);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (layer_norm) = {
  .prepare = layer_norm_prepare,
  .run = layer_norm_run,
  .clear = limn_norm_state_free,
  .in_place = TRUE,
};
