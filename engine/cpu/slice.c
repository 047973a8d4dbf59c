/* A range of channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"
#include "engine/ops/ops.h"

static gboolean
slice_run (LimnCpuTask *task)
{
  const LimnSliceArgs *args = limn_node_args (task->node);
  const LimnTensor    *out = task->node->output;
  gsize                size = limn_type_size (out->type);
  gsize                stride = size * (gsize) task->node->inputs[0]->shape.c;
  gsize                bytes = size * (gsize) args->count;
  gsize                rows = limn_shape_rows (out->shape);
  const char          *from = (const char *) task->inputs[0] + size * (gsize) args->start;
  char                *to = task->output;

#pragma omp parallel for num_threads( \
    limn_cpu_threads(task->cpu)) if (limn_shape_elements(out->shape) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    memcpy (to + row * bytes, from + row * stride, bytes);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (slice) = { .run = slice_run };
