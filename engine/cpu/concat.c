/* Channels of one tensor followed by those of another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

static gboolean
concat_run (LimnCpuTask *task)
{
  const LimnTensor *out = task->node->output;
  gsize             size = limn_type_size (out->type);
  gsize             a = size * (gsize) task->node->inputs[0]->shape.c,
        b = size * (gsize) task->node->inputs[1]->shape.c;
  gsize rows = limn_shape_rows (out->shape);
  char *to = task->output;

#pragma omp parallel for num_threads( \
    limn_cpu_threads(task->cpu)) if (limn_shape_elements(out->shape) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    {
      memcpy (to + row * (a + b), (const char *) task->inputs[0] + row * a, a);
      memcpy (to + row * (a + b) + a, (const char *) task->inputs[1] + row * b, b);
    }
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (concat) = { .run = concat_run };
