/* Change of height and width by the nearest neighbour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

static void
resize_row (const LimnCpuTask *task,
            gsize              row)
{
  LimnShape   from = task->node->inputs[0]->shape, to = task->node->output->shape;
  gsize       height = (gsize) from.h, width = (gsize) from.w, target = (gsize) to.w;
  gsize       sample = row / (gsize) to.h, y = row % (gsize) to.h * height / (gsize) to.h;
  gsize       bytes = limn_type_size (task->node->output->type) * (gsize) to.c;
  const char *source = (const char *) task->inputs[0] + (sample * height + y) * width * bytes;
  char       *out = (char *) task->output + row * target * bytes;

  for (gsize x = 0; x < target; x++)
    memcpy (out + x * bytes, source + x * width / target * bytes, bytes);
}

static gboolean
resize_run (LimnCpuTask *task)
{
  LimnShape shape = task->node->output->shape;
  gsize     rows = (gsize) shape.n * shape.h;

#pragma omp parallel for num_threads( \
    limn_cpu_threads(task->cpu)) if (limn_shape_elements(shape) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    resize_row (task, row);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (resize) = { .run = resize_run };
