/* Squares of pixels into channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"
#include "engine/ops/ops.h"

/* Moves one row of squares; @wide is a constant where this is inlined, so that each size has its own loop. */
static inline void
move_squares (const LimnCpuTask *task,
              gsize              row,
              gboolean           wide)
{
  const LimnPatchArgs *args = limn_node_args (task->node);
  LimnShape            many = task->node->output->shape; /* [n, h, w, c·p²] */
  gsize                size = (gsize) args->size, squares = (gsize) many.w, width = squares * size;
  gsize                channels = (gsize) many.c / size / size;

  for (gsize x = 0; x < width; x++)
    for (gsize dy = 0; dy < size; dy++)
      {
        gsize pixel = ((row * size + dy) * width + x) * channels;
        gsize square = (row * squares + x / size) * (gsize) many.c + dy * size + x % size;

        for (gsize c = 0; c < channels; c++)
          if (wide)
            ((guint32 *) task->output)[square + c * size * size] = ((const guint32 *) task->inputs[0])[pixel + c];
          else
            ((guint16 *) task->output)[square + c * size * size] = ((const guint16 *) task->inputs[0])[pixel + c];
      }
}

static gboolean
patchify_run (LimnCpuTask *task)
{
  LimnShape many = task->node->output->shape;
  gsize     rows = (gsize) many.n * many.h;
  gboolean  wide = task->node->output->type == LIMN_F32;

#pragma omp parallel for num_threads( \
    limn_cpu_threads(task->cpu)) if (limn_shape_elements(many) > LIMN_PARALLEL)
  for (gsize row = 0; row < rows; row++)
    if (wide)
      move_squares (task, row, TRUE);
    else
      move_squares (task, row, FALSE);
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (patchify) = { .run = patchify_run };
