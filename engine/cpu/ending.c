/* How products and convolutions end: bias, added tensors, activation, rounding, in one pass over sums that are still in cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

#include "engine/cpu/activate.h"
#include "engine/cpu/onednn.h"

void
LIMN_CPU_KERNEL (ending_init) (LimnEnding     *ending,
                               const LimnNode *node)
{
  ending->columns = (gsize) node->output->shape.c;
  ending->bias = g_new0 (float, limn_panels (node) * LIMN_TILE_COLUMNS);
  if (node->weights[1] != NULL)
    limn_weight_to_f32 (node->weights[1], ending->bias);
  limn_cpu_find_addends (node, &ending->vector, &ending->whole);
}

void
LIMN_CPU_KERNEL (ending_clear) (LimnEnding *ending)
{
  g_free (ending->bias);
}

const float *
LIMN_CPU_KERNEL (ending_bias) (const LimnEnding  *ending,
                               const LimnCpuTask *task,
                               float             *sum)
{
  if (ending->vector < 0)
    return ending->bias;
  limn_cpu_add_vector (task, ending->bias, ending->vector, sum);
  return sum;
}

static void
add_whole (const LimnEnding  *ending,
           const LimnCpuTask *task,
           float             *sums,
           gsize              at,
           gsize              n)
{
  float        buffer[LIMN_TILE_COLUMNS];
  const float *x = limn_load (task->node->output->type, task->inputs[ending->whole], at, n, buffer);

  for (gsize i = 0; i < n; i++)
    sums[i] += x[i];
}

void
LIMN_CPU_KERNEL (ending_store) (const LimnEnding  *ending,
                                const LimnCpuTask *task,
                                float             *sums,
                                const float       *bias,
                                gsize              row,
                                gsize              panel)
{
  const LimnNode *node = task->node;
  gsize           column = panel * LIMN_TILE_COLUMNS, n = MIN (ending->columns - column, LIMN_TILE_COLUMNS);
  gsize           at = row * ending->columns + column;

#pragma omp simd
  for (gsize i = 0; i < LIMN_TILE_COLUMNS; i++)
    sums[i] += bias[column + i];
  for (int e = 0; e < node->n_epilogues; e++)
    {
      const LimnEpilogue *epilogue = &node->epilogues[e];

      if (epilogue->kind == LIMN_EPILOGUE_ACTIVATION)
        limn_activations[epilogue->activation](sums, LIMN_TILE_COLUMNS);
      else if (epilogue->input == ending->whole)
        add_whole (ending, task, sums, at, n);
    }
  if (node->output->type == LIMN_F32)
    memcpy ((float *) task->output + at, sums, n * sizeof *sums);
  else
    limn_f32_row_to_bf16 (sums, (guint16 *) task->output + at, n);
}
