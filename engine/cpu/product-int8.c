/* Linear layers in 8 bits: weights quantised a channel, activations a row as they come (Dettmers et al., 2022, without the outliers' path).
 *
 * y = sx · sw · Σ qx · qw, where qx = round (x / sx), sx = max |x| / 127 of its row, and so for each column of weights. VNNI multiplies
 * unsigned by signed bytes, four at a time: weights are kept as qw + 128, and 128 · Σ qx is taken off again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

#include <math.h>
#if defined(__AVX512VNNI__)
#include <immintrin.h>
#endif

enum
{
  GROUP = 4, /* bytes that one instruction sums up */
  LARGEST = 127,
  ZERO = 128,
  BLOCK_TILES = 16, /* tiles of rows that are quantised at once */
  LEAST_ROWS = 16,
  LEAST_DEPTH = 64,
  MAX_DEPTH = 16384 /* of a row as floats, on the stack */
};

typedef struct
{
  LimnEnding ending;
  LimnPack  *pack; /* [panel][depth / GROUP][LIMN_TILE_COLUMNS][GROUP] bytes, then [panel][LIMN_TILE_COLUMNS] scales */
  gsize      rows, depth, groups, panels;
  gsize      stride; /* bytes from one quantised row to the next */
  gsize      blocks, splits;
  gsize      work; /* bytes of one thread */
} Int8;

gboolean
LIMN_CPU_KERNEL (int8_suits) (const LimnNode *node)
{
#if defined(__AVX512VNNI__)
  LimnShape shape = node->inputs[0]->shape;

  return node->quantised && limn_shape_rows (shape) >= LEAST_ROWS && shape.c >= LEAST_DEPTH && shape.c <= MAX_DEPTH;
#else
  return FALSE;
#endif
}

/* --- weights ----------------------------------------------------------------------------------------------------- */

static gsize
panel_bytes (gsize groups)
{
  return groups * LIMN_TILE_COLUMNS * GROUP;
}

static float
scale_of (const float *values,
          gsize        n)
{
  float largest = 0;

#pragma omp simd reduction(max \
                           : largest)
  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabsf (values[i]));
  return largest / LARGEST;
}

/* One output channel into its place among the panel's. */
static void
pack_column (const float *values,
             gsize        depth,
             guint8      *to,
             float       *scale)
{
  float inverse;

  *scale = scale_of (values, depth);
  inverse = *scale > 0 ? 1 / *scale : 0;
  for (gsize k = 0; k < depth; k++)
    to[k / GROUP * LIMN_TILE_COLUMNS * GROUP + k % GROUP] = (guint8) (lrintf (values[k] * inverse) + ZERO);
}

static gboolean
fill (const LimnCpuTask *task,
      const LimnWeight  *weight,
      void              *data,
      gconstpointer      user,
      GError           **error)
{
  const gsize columns = (gsize) task->node->output->shape.c, depth = weight->n_elements / columns;
  const gsize groups = limn_tiles (depth, GROUP), panels = limn_panels (task->node);
  guint8     *bytes = data;
  float      *scales = (float *) (bytes + panels * panel_bytes (groups));

  memset (bytes, ZERO, panels * panel_bytes (groups));
  memset (scales, 0, panels * LIMN_TILE_COLUMNS * sizeof *scales);
#pragma omp parallel for schedule(static) num_threads(limn_cpu_threads(task->cpu))
  for (gsize column = 0; column < columns; column++)
    {
      g_autofree float *values = g_new (float, depth);
      gsize             panel = column / LIMN_TILE_COLUMNS, lane = column % LIMN_TILE_COLUMNS;

      limn_weight_range_to_f32 (weight, column * depth, depth, values);
      pack_column (values, depth, bytes + panel * panel_bytes (groups) + lane * GROUP, scales + column);
    }
  return TRUE;
}

gboolean
LIMN_CPU_KERNEL (int8_prepare) (LimnCpuTask *task,
                                GError     **error)
{
  const LimnNode *node = task->node;
  Int8           *int8 = g_new0 (Int8, 1);
  gsize           threads = (gsize) limn_cpu_threads (task->cpu);
  LimnPackRequest request = { .layout = "int8 rows", .layout_size = sizeof "int8 rows", .fill = fill };

  task->state = int8;
  limn_ending_init (&int8->ending, node);
  int8->rows = limn_shape_rows (node->output->shape);
  int8->depth = node->weights[0]->n_elements / int8->ending.columns;
  int8->groups = limn_tiles (int8->depth, GROUP);
  int8->panels = limn_panels (node);
  int8->stride = limn_tiles (int8->depth, 64) * 64 + 64; /* rows of 2ⁿ channels would all fall into one set of the cache */
  int8->blocks = limn_tiles (int8->rows, BLOCK_TILES * LIMN_TILE_ROWS);
  int8->splits = int8->blocks >= 4 * threads ? 1 : MIN (int8->panels, limn_tiles (threads, int8->blocks));
  int8->work = BLOCK_TILES * LIMN_TILE_ROWS * (int8->stride + sizeof (float) + sizeof (gint32));
  task->scratch_size = int8->work * threads + int8->panels * LIMN_TILE_COLUMNS * sizeof (float);
  request.size = int8->panels * (panel_bytes (int8->groups) + LIMN_TILE_COLUMNS * sizeof (float));
  int8->pack = limn_pack_take (task, &request, error);
  return int8->pack != NULL;
}

void
LIMN_CPU_KERNEL (int8_clear) (LimnCpuTask *task)
{
  Int8 *int8 = task->state;

  if (int8 == NULL)
    return;
  limn_pack_release (task->cpu, int8->pack);
  limn_ending_clear (&int8->ending);
  g_free (int8);
}

/* --- activations ------------------------------------------------------------------------------------------------- */

/* The rows of one block: bytes, and of each row its scale and what the weights' offset adds. */
typedef struct
{
  gint8  *bytes;
  float  *scales;
  gint32 *offsets;
} Rows;

static void
quantise_row (const LimnCpuTask *task,
              const Int8        *int8,
              gsize              row,
              float             *values,
              gint8             *bytes,
              float             *scale,
              gint32            *offset)
{
  LimnType     type = task->node->inputs[0]->type;
  const float *x = limn_load (type, task->inputs[0], row * int8->depth, int8->depth, values);
  float        inverse;
  gint32       sum = 0;

  *scale = scale_of (x, int8->depth);
  inverse = *scale > 0 ? 1 / *scale : 0;
#pragma omp simd reduction(+ \
                           : sum)
  for (gsize k = 0; k < int8->depth; k++)
    {
      float  rounded = rintf (x[k] * inverse);
      gint32 q = (gint32) rounded;

      bytes[k] = (gint8) q;
      sum += q;
    }
  memset (bytes + int8->depth, 0, int8->stride - int8->depth);
  *offset = ZERO * sum;
}

static Rows
quantise_block (const LimnCpuTask *task,
                const Int8        *int8,
                gsize              first,
                gsize              n,
                void              *work)
{
  const gsize count = (gsize) BLOCK_TILES * LIMN_TILE_ROWS;
  Rows        rows = { .bytes = work };
  float       values[MAX_DEPTH];

  rows.scales = (float *) (rows.bytes + count * int8->stride);
  rows.offsets = (gint32 *) (rows.scales + count);
  for (gsize i = 0; i < n; i++)
    quantise_row (task, int8, first + i, values, rows.bytes + i * int8->stride, rows.scales + i, rows.offsets + i);
  return rows;
}

/* --- multiplying ------------------------------------------------------------------------------------------------- */

#if defined(__AVX512VNNI__)
static inline __attribute__ ((always_inline)) void
tile (const gint8  *a,
      gsize         stride,
      const guint8 *b,
      gsize         groups,
      gint32       *c)
{
  __m512i sum[LIMN_TILE_ROWS][2];

#pragma GCC unroll 14
  for (int row = 0; row < LIMN_TILE_ROWS; row++)
    sum[row][0] = sum[row][1] = _mm512_setzero_si512 ();
  for (gsize k = 0; k < groups; k++, a += GROUP, b += LIMN_TILE_COLUMNS * GROUP)
    {
      __m512i b0 = _mm512_load_si512 (b), b1 = _mm512_load_si512 (b + 64);

#pragma GCC unroll 14
      for (int row = 0; row < LIMN_TILE_ROWS; row++)
        {
          gint32  four;
          __m512i x;

          memcpy (&four, a + (gsize) row * stride, sizeof four);
          x = _mm512_set1_epi32 (four);
          sum[row][0] = _mm512_dpbusd_epi32 (sum[row][0], b0, x);
          sum[row][1] = _mm512_dpbusd_epi32 (sum[row][1], b1, x);
        }
    }
#pragma GCC unroll 14
  for (int row = 0; row < LIMN_TILE_ROWS; row++)
    {
      _mm512_store_si512 (c + row * LIMN_TILE_COLUMNS, sum[row][0]);
      _mm512_store_si512 (c + row * LIMN_TILE_COLUMNS + 16, sum[row][1]);
    }
}
#else
static void
tile (const gint8 *a,
      gsize stride,
      const guint8 *b,
      gsize groups,
      gint32 *c)
{
  for (gsize row = 0; row < LIMN_TILE_ROWS; row++)
    for (gsize column = 0; column < LIMN_TILE_COLUMNS; column++)
      {
        gint32 sum = 0;

        for (gsize k = 0; k < groups * GROUP; k++)
          sum += a[row * stride + k] * b[(k / GROUP * LIMN_TILE_COLUMNS + column) * GROUP + k % GROUP];
        c[row * LIMN_TILE_COLUMNS + column] = sum;
      }
}
#endif

static void
store_rows (const LimnCpuTask *task,
            const Int8        *int8,
            const Rows        *rows,
            const gint32      *c,
            gsize              first,
            gsize              row,
            gsize              n,
            gsize              panel,
            const float       *bias)
{
  const float *scales = (const float *) ((const char *) int8->pack->data + int8->panels * panel_bytes (int8->groups)) + panel * LIMN_TILE_COLUMNS;
  float        sums[LIMN_TILE_ROWS * LIMN_TILE_COLUMNS] __attribute__ ((aligned (64)));
  gsize        numbers[LIMN_TILE_ROWS];

  for (gsize i = 0; i < n; i++)
    {
      const gint32 *from = c + i * LIMN_TILE_COLUMNS;
      float        *to = sums + i * LIMN_TILE_COLUMNS;

      numbers[i] = first + row + i;
#pragma omp simd
      for (gsize column = 0; column < LIMN_TILE_COLUMNS; column++)
        to[column] = (float) (from[column] - rows->offsets[row + i]) * (rows->scales[row + i] * scales[column]);
    }
  limn_ending_store (&int8->ending, task, sums, bias, numbers, n, panel);
}

static void
multiply_block (const LimnCpuTask *task,
                const Int8        *int8,
                gsize              block,
                gsize              split,
                const float       *bias,
                void              *work)
{
  const gsize first = block * BLOCK_TILES * LIMN_TILE_ROWS;
  const gsize n = MIN (int8->rows - first, (gsize) BLOCK_TILES * LIMN_TILE_ROWS);
  const gsize begin = split * int8->panels / int8->splits, end = (split + 1) * int8->panels / int8->splits;
  const Rows  rows = quantise_block (task, int8, first, n, work);
  gint32      c[LIMN_TILE_ROWS * LIMN_TILE_COLUMNS] __attribute__ ((aligned (64)));

  for (gsize panel = begin; panel < end; panel++)
    for (gsize row = 0; row < n; row += LIMN_TILE_ROWS)
      {
        tile (rows.bytes + row * int8->stride, int8->stride,
              (const guint8 *) int8->pack->data + panel * panel_bytes (int8->groups), int8->groups, c);
        store_rows (task, int8, &rows, c, first, row, MIN (n - row, LIMN_TILE_ROWS), panel, bias);
      }
}

gboolean
LIMN_CPU_KERNEL (int8_run) (LimnCpuTask *task)
{
  const Int8  *int8 = task->state;
  gsize        threads = (gsize) limn_cpu_threads (task->cpu), jobs = int8->blocks * int8->splits;
  char        *work = task->scratch;
  const float *bias = limn_ending_bias (&int8->ending, task, (float *) (work + int8->work * threads));

#pragma omp parallel for schedule(dynamic) num_threads(limn_cpu_threads(task->cpu))
  for (gsize job = 0; job < jobs; job++)
    multiply_block (task, int8, job / int8->splits, job % int8->splits, bias,
                    work + int8->work * (gsize) omp_get_thread_num ());
  return TRUE;
}
