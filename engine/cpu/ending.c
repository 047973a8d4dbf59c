/* How products and convolutions end: bias, added tensors, activation, rounding, in one pass over sums that are still in cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

#include "engine/cpu/activate.h"
#include "engine/cpu/onednn.h"

void
limn_ending_init (LimnEnding     *ending,
                  const LimnNode *node)
{
  ending->columns = (gsize) node->output->shape.c;
  ending->bias = g_new0 (float, limn_panels (node) * LIMN_TILE_COLUMNS);
  if (node->weights[1] != NULL)
    limn_weight_to_f32 (node->weights[1], ending->bias);
  limn_cpu_find_addends (node, &ending->vector, &ending->whole);
}

void
limn_ending_clear (LimnEnding *ending)
{
  g_free (ending->bias);
}

const float *
limn_ending_bias (const LimnEnding  *ending,
                  const LimnCpuTask *task,
                  float             *sum)
{
  if (ending->vector < 0)
    return ending->bias;
  limn_cpu_add_vector (task, ending->bias, ending->vector, sum);
  return sum;
}

/* Adds what stands in the result's place of another tensor. */
static void
add_whole (const LimnEnding  *ending,
           const LimnCpuTask *task,
           float             *sums,
           const gsize       *rows,
           gsize              n_rows,
           gsize              column,
           gsize              n)
{
  for (gsize i = 0; i < n_rows; i++, sums += LIMN_TILE_COLUMNS)
    {
      float        buffer[LIMN_TILE_COLUMNS];
      const float *x = limn_load (task->node->output->type, task->inputs[ending->whole],
                                  rows[i] * ending->columns + column, n, buffer);

      for (gsize c = 0; c < n; c++)
        sums[c] += x[c];
    }
}

static void
add_bias (float       *sums,
          const float *bias,
          gsize        n_rows)
{
  LimnVector low = *(const LimnVector *) bias, high = *(const LimnVector *) (bias + LIMN_LANES);

  for (gsize i = 0; i < n_rows; i++, sums += LIMN_TILE_COLUMNS)
    {
      *(LimnVector *) sums += low;
      *(LimnVector *) (sums + LIMN_LANES) += high;
    }
}

void
limn_ending_store (const LimnEnding  *ending,
                   const LimnCpuTask *task,
                   float             *sums,
                   const float       *bias,
                   const gsize       *rows,
                   gsize              n_rows,
                   gsize              panel)
{
  const LimnNode *node = task->node;
  gsize           column = panel * LIMN_TILE_COLUMNS,
        n = MIN (ending->columns - column, LIMN_TILE_COLUMNS);

  add_bias (sums, bias + column, n_rows);
  for (int e = 0; e < node->n_epilogues; e++)
    {
      const LimnEpilogue *epilogue = &node->epilogues[e];

      if (epilogue->kind == LIMN_EPILOGUE_ACTIVATION)
        limn_activations[epilogue->activation](sums, n_rows * LIMN_TILE_COLUMNS);
      else if (epilogue->input == ending->whole)
        add_whole (ending, task, sums, rows, n_rows, column, n);
    }
  for (gsize i = 0; i < n_rows; i++, sums += LIMN_TILE_COLUMNS)
    {
      gsize at = rows[i] * ending->columns + column;

      if (node->output->type == LIMN_F32)
        memcpy ((float *) task->output + at, sums, n * sizeof *sums);
      else if (n == LIMN_TILE_COLUMNS)
        limn_f32_row_to_bf16 (sums, (guint16 *) task->output + at, LIMN_TILE_COLUMNS);
      else
        limn_f32_row_to_bf16 (sums, (guint16 *) task->output + at, n);
    }
}
