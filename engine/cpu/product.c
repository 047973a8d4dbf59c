/* Matrix products and convolutions by register tiles.
 *
 * A block of rows is gathered as floats (for a convolution: the patch under the kernel) and meets the weights a panel of
 * columns at a time; a bf16 panel is widened once for all rows of the block, so that the multipliers see only floats.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

#include "engine/ops/ops.h"

enum
{
  BLOCK_BYTES = 768 * 1024, /* of gathered rows: they stay in the second-level cache */
  MIN_BLOCK_TILES = 8,      /* but widening a panel has to pay for as many rows */
  MAX_BLOCK_TILES = 16
};

typedef struct
{
  LimnEnding ending;
  LimnPack  *pack; /* [panel][depth][LIMN_TILE_COLUMNS], of the activations' type */
  gsize      rows, depth, panels;
  gsize      row_stride;  /* floats of a gathered row */
  gsize      block_tiles; /* tiles of rows that are gathered at once */
  gsize      blocks, splits;
  gsize      work; /* floats of one thread */
  int        kernel_height, kernel_width;
} Product;

gboolean
LIMN_CPU_KERNEL (product_prepare) (LimnCpuTask *task,
                                   GError     **error)
{
  const LimnNode   *node = task->node;
  const LimnWeight *weight = node->weights[0];
  Product          *product = g_new0 (Product, 1);
  gsize             threads = (gsize) limn_cpu_threads (task->cpu);
  LimnPanels        layout;

  task->state = product;
  limn_ending_init (&product->ending, node);
  product->kernel_height = node->op == &limn_op_conv ? (int) weight->dims[2] : 1;
  product->kernel_width = node->op == &limn_op_conv ? (int) weight->dims[3] : 1;
  product->rows = limn_shape_rows (node->output->shape);
  product->depth = weight->n_elements / product->ending.columns;
  product->panels = limn_panels (node);
  /* One line more than a multiple of 64 bytes: rows of 2ⁿ channels would all fall into one set of the cache. */
  product->row_stride = (product->depth + 15) / 16 * 16 + 16;
  product->block_tiles = CLAMP (BLOCK_BYTES / (product->row_stride * LIMN_TILE_ROWS * sizeof (float)),
                                MIN_BLOCK_TILES, MAX_BLOCK_TILES);
  product->block_tiles = MIN (product->block_tiles, limn_tiles (product->rows, LIMN_TILE_ROWS));
  product->blocks = limn_tiles (product->rows, product->block_tiles * LIMN_TILE_ROWS);
  product->splits = product->blocks >= 4 * threads
                        ? 1
                        : MIN (product->panels, limn_tiles (threads, product->blocks));
  product->work = product->block_tiles * LIMN_TILE_ROWS * product->row_stride + product->depth * LIMN_TILE_COLUMNS;
  layout = (LimnPanels){ product->ending.columns, product->depth,
                         (gsize) product->kernel_height * (gsize) product->kernel_width, TRUE };
  task->scratch_size = (product->work * threads + product->panels * LIMN_TILE_COLUMNS) * sizeof (float);
  product->pack = limn_panels_take (task, &layout);
  return TRUE;
}

void
LIMN_CPU_KERNEL (product_clear) (LimnCpuTask *task)
{
  Product *product = task->state;

  if (product == NULL)
    return;
  limn_pack_release (task->cpu, product->pack);
  limn_ending_clear (&product->ending);
  g_free (product);
}

/* --- gathering rows ---------------------------------------------------------------------------------------------- */

static void
gather_row (LimnType    type,
            const void *from,
            gsize       at,
            gsize       n,
            float      *to)
{
  if (type == LIMN_F32)
    memcpy (to, (const float *) from + at, n * sizeof *to);
  else
    limn_bf16_row_to_f32 ((const guint16 *) from + at, to, n);
}

/* The patch under the kernel at output position @row; outside the picture lie zeros. */
static void
gather_patch (const LimnCpuTask *task,
              const Product     *product,
              gsize              row,
              float             *to)
{
  const LimnConvArgs *args = limn_node_args (task->node);
  LimnShape           in = task->node->inputs[0]->shape, out = task->node->output->shape;
  int                 x = (int) (row % out.w) * args->stride - args->pad_left;
  int                 y = (int) (row / out.w % out.h) * args->stride - args->pad_top;
  gsize               sample = row / limn_shape_positions (out);

  for (int ky = 0; ky < product->kernel_height; ky++)
    for (int kx = 0; kx < product->kernel_width; kx++, to += in.c)
      {
        gboolean inside = y + ky >= 0 && y + ky < in.h && x + kx >= 0 && x + kx < in.w;

        if (inside)
          gather_row (task->node->inputs[0]->type, task->inputs[0],
                      ((sample * in.h + (y + ky)) * in.w + (x + kx)) * in.c, in.c, to);
        else
          memset (to, 0, in.c * sizeof *to);
      }
}

static void
gather_block (const LimnCpuTask *task,
              const Product     *product,
              gsize              first,
              gsize              n,
              float             *a)
{
  gboolean conv = task->node->op == &limn_op_conv;

  for (gsize i = 0; i < n; i++, a += product->row_stride)
    if (conv)
      gather_patch (task, product, first + i, a);
    else
      gather_row (task->node->inputs[0]->type, task->inputs[0], (first + i) * product->depth,
                  product->depth, a);
}

/* --- multiplying ------------------------------------------------------------------------------------------------- */

/* Returns: panel @panel as floats: where it is, or widened into @buffer */
static const float *
widen_panel (const LimnCpuTask *task,
             const Product     *product,
             gsize              panel,
             float             *buffer)
{
  gsize n = product->depth * LIMN_TILE_COLUMNS;

  if (task->node->inputs[0]->type == LIMN_F32)
    return (const float *) product->pack->data + panel * n;
  limn_bf16_row_to_f32 ((const guint16 *) product->pack->data + panel * n, buffer, n);
  return buffer;
}

static void
multiply_block (const LimnCpuTask *task,
                const Product     *product,
                gsize              block,
                gsize              split,
                const float       *bias,
                float             *work)
{
  gsize first = block * product->block_tiles * LIMN_TILE_ROWS;
  gsize n = MIN (product->rows - first, product->block_tiles * LIMN_TILE_ROWS);
  gsize begin = split * product->panels / product->splits,
        end = (split + 1) * product->panels / product->splits;
  float *a = work, *buffer = work + product->block_tiles * LIMN_TILE_ROWS * product->row_stride;
  float  c[LIMN_TILE_ROWS * LIMN_TILE_COLUMNS] __attribute__ ((aligned (64)));

  gather_block (task, product, first, n, a);
  for (gsize panel = begin; panel < end; panel++)
    {
      const float *b = widen_panel (task, product, panel, buffer);

      for (gsize row = 0; row < n; row += LIMN_TILE_ROWS)
        {
          gsize rows[LIMN_TILE_ROWS];

          for (gsize i = 0; i < LIMN_TILE_ROWS; i++)
            rows[i] = first + row + i;
          limn_tile (a + row * product->row_stride, product->row_stride, 1, b, product->depth,
                     c, LIMN_TILE_COLUMNS, FALSE);
          limn_ending_store (&product->ending, task, c, bias, rows,
                             MIN (n - row, LIMN_TILE_ROWS), panel);
        }
    }
}

gboolean
LIMN_CPU_KERNEL (product_run) (LimnCpuTask *task)
{
  const Product *product = task->state;
  float         *sum = task->scratch, *work = sum + product->panels * LIMN_TILE_COLUMNS;
  const float   *bias = limn_ending_bias (&product->ending, task, sum);
  gsize          jobs = product->blocks * product->splits;

#pragma omp parallel for schedule(dynamic) num_threads(limn_cpu_threads( \
    task->cpu)) if (product->rows * product->depth * product->ending.columns > 16 * LIMN_PARALLEL)
  for (gsize job = 0; job < jobs; job++)
    multiply_block (task, product, job / product->splits, job % product->splits, bias,
                    work + product->work * (gsize) omp_get_thread_num ());
  return TRUE;
}
