/* Rows of a table, chosen by token ids.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/norm.h"

static gboolean
embedding_prepare (LimnCpuTask *task,
                   GError     **error)
{
  task->scratch_size = limn_norm_rows_size (task, 2 * (gsize) task->node->output->shape.c);
  return TRUE;
}

static void
embedding_row (const LimnCpuTask *task,
               gsize              row)
{
  const LimnTensor *out = task->node->output;
  const LimnWeight *table = task->node->weights[0], *positions = task->node->weights[1];
  gsize             channels = (gsize) out->shape.c;
  gint64            id = CLAMP (((const gint32 *) task->inputs[0])[row], 0, table->dims[0] - 1);
  float            *position = limn_norm_row (task, 2 * channels), *buffer = position + channels;
  float            *y = limn_target (out->type, task->output, row * channels, buffer);

  limn_weight_range_to_f32 (table, (gsize) id * channels, channels, y);
  if (positions != NULL)
    {
      limn_weight_range_to_f32 (positions, row % (gsize) out->shape.w * channels, channels,
                                position);
      for (gsize i = 0; i < channels; i++)
        y[i] += position[i];
    }
  limn_store (out->type, y, task->output, row * channels, channels);
}

static gboolean
embedding_run (LimnCpuTask *task)
{
  gsize rows = limn_shape_rows (task->node->output->shape);

#pragma omp parallel for num_threads(limn_cpu_threads( \
    task->cpu)) if (limn_shape_elements(task->node->output->shape) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    embedding_row (task, row);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (embedding) = { .prepare = embedding_prepare,
                                                    .run = embedding_run };
