/* Linear layers and convolutions in 8 bits: weights quantised a channel of the result, activations a position of the input as they come
 * (vector-wise quantisation: Dettmers et al., 2022, without the path for outliers).
 *
 * y = sw · Σ taps sx · Σ channels qx · qw, where qx = round (x / sx), sx = max |x| / 127 over the position's channels, and so for each
 * channel of the weights. VNNI multiplies unsigned by signed bytes, four at a time: weights are kept as qw + 128, and 128 · Σ qx is taken
 * off again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

#include "engine/ops/ops.h"

#include <math.h>
#if defined(__AVX512VNNI__)
#include <immintrin.h>
#endif

enum
{
  GROUP = 4, /* bytes that one instruction sums up */
  LARGEST = 127,
  ZERO = 128,
  LINE = 64,        /* bytes of a cache line */
  BLOCK_TILES = 16, /* tiles of rows that meet all panels before the next ones do */
  LEAST_ROWS = 16,
  LEAST_CHANNELS = 64,
  LEAST_COLUMNS = 32,
  MAX_CHANNELS = 16384 /* of a position as floats, on the stack */
};

typedef struct
{
  LimnEnding ending;
  LimnPack  *pack; /* [panel][tap][group][LIMN_TILE_COLUMNS][GROUP] bytes, then [panel][LIMN_TILE_COLUMNS] scales */
  gboolean   conv;
  int        kernel_height, kernel_width;
  gsize      taps, channels, groups, panels;
  gsize      positions; /* of the input */
  gsize      rows;      /* of the result */
  gsize      stride;    /* bytes from one quantised position to the next */
  gsize      patch;     /* bytes from one gathered patch to the next; of a linear layer: @stride */
  gsize      blocks, splits;
  gsize      work; /* bytes of one thread */
} Int8;

gboolean
LIMN_CPU_KERNEL (int8_suits) (const LimnNode *node)
{
#if defined(__AVX512VNNI__)
  LimnShape in = node->inputs[0]->shape, out = node->output->shape;

  return node->quantised && limn_shape_rows (out) >= LEAST_ROWS && in.c >= LEAST_CHANNELS && in.c <= MAX_CHANNELS && out.c >= LEAST_COLUMNS;
#else
  return FALSE;
#endif
}

/* --- weights ----------------------------------------------------------------------------------------------------- */

static gsize
panel_bytes (const Int8 *int8)
{
  return int8->taps * int8->groups * LIMN_TILE_COLUMNS * GROUP;
}

static const float *
panel_scales (const Int8 *int8,
              gsize       panel)
{
  return (const float *) ((const char *) int8->pack->data + int8->panels * panel_bytes (int8)) + panel * LIMN_TILE_COLUMNS;
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

/* One output channel, [channel][tap] in the file, into its place among the panel's. */
static void
pack_column (const Int8  *int8,
             const float *values,
             guint8      *to,
             float       *scale)
{
  float inverse;

  *scale = scale_of (values, int8->channels * int8->taps);
  inverse = *scale > 0 ? 1 / *scale : 0;
  for (gsize tap = 0; tap < int8->taps; tap++)
    for (gsize channel = 0; channel < int8->channels; channel++)
      {
        gsize group = tap * int8->groups + channel / GROUP;

        to[group * LIMN_TILE_COLUMNS * GROUP + channel % GROUP] = (guint8) (lrintf (values[channel * int8->taps + tap] * inverse) + ZERO);
      }
}

static gboolean
fill (const LimnCpuTask *task,
      const LimnWeight  *weight,
      void              *data,
      gconstpointer      user,
      GError           **error)
{
  const Int8 *int8 = user;
  const gsize depth = int8->channels * int8->taps, columns = int8->ending.columns;
  guint8     *bytes = data;
  float      *scales = (float *) (bytes + int8->panels * panel_bytes (int8));

  memset (bytes, ZERO, int8->panels * panel_bytes (int8));
  memset (scales, 0, int8->panels * LIMN_TILE_COLUMNS * sizeof *scales);
#pragma omp parallel for schedule(static) num_threads(limn_cpu_threads(task->cpu))
  for (gsize column = 0; column < columns; column++)
    {
      g_autofree float *values = g_new (float, depth);
      gsize             panel = column / LIMN_TILE_COLUMNS, lane = column % LIMN_TILE_COLUMNS;

      limn_weight_range_to_f32 (weight, column * depth, depth, values);
      pack_column (int8, values, bytes + panel * panel_bytes (int8) + lane * GROUP, scales + column);
    }
  return TRUE;
}

static gsize
lines (gsize bytes)
{
  return limn_tiles (bytes, LINE) * LINE;
}

/* Bytes of scales and offsets of so many taps. */
static gsize
facts_bytes (gsize n)
{
  return lines (n * sizeof (float)) + lines (n * sizeof (gint32));
}

/* All but the pack. */
static void
measure (Int8           *int8,
         const LimnNode *node,
         gsize           threads)
{
  const LimnWeight *weight = node->weights[0];
  const gsize       block_rows = (gsize) BLOCK_TILES * LIMN_TILE_ROWS;

  int8->conv = node->op == &limn_op_conv;
  int8->kernel_height = int8->conv ? (int) weight->dims[2] : 1;
  int8->kernel_width = int8->conv ? (int) weight->dims[3] : 1;
  int8->taps = (gsize) int8->kernel_height * (gsize) int8->kernel_width;
  int8->channels = (gsize) node->inputs[0]->shape.c;
  int8->groups = limn_tiles (int8->channels, GROUP);
  int8->panels = limn_panels (node);
  int8->positions = limn_shape_rows (node->inputs[0]->shape);
  int8->rows = limn_shape_rows (node->output->shape);
  /* One line more: rows of 2ⁿ channels would all fall into one set of the cache. */
  int8->stride = lines (int8->groups * GROUP) + LINE;
  int8->patch = int8->conv ? lines (int8->taps * int8->groups * GROUP) + LINE : int8->stride;
  int8->blocks = limn_tiles (int8->rows, block_rows);
  int8->splits = int8->blocks >= 4 * threads ? 1 : MIN (int8->panels, limn_tiles (threads, int8->blocks));
  int8->work = int8->conv ? block_rows * int8->patch + facts_bytes (block_rows * int8->taps) : 0;
}

gboolean
LIMN_CPU_KERNEL (int8_prepare) (LimnCpuTask *task,
                                GError     **error)
{
  Int8           *int8 = g_new0 (Int8, 1);
  gsize           threads = (gsize) limn_cpu_threads (task->cpu);
  LimnPackRequest request = { .layout = "int8", .layout_size = sizeof "int8", .fill = fill, .user = int8 };

  task->state = int8;
  limn_ending_init (&int8->ending, task->node);
  measure (int8, task->node, threads);
  task->scratch_size = lines (int8->panels * LIMN_TILE_COLUMNS * sizeof (float)) + facts_bytes (int8->positions + LIMN_TILE_ROWS)
                       + (int8->positions + LIMN_TILE_ROWS) * int8->stride + threads * int8->work;
  request.size = int8->panels * (panel_bytes (int8) + LIMN_TILE_COLUMNS * sizeof (float));
  int8->pack = limn_pack_take (task, &request);
  return TRUE;
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

/* Positions in bytes, or patches of them: of each tap its scale, and what the weights' offset adds. */
typedef struct
{
  gint8  *bytes;
  float  *scales;
  gint32 *offsets;
} Bytes;

static Bytes
bytes_at (void *memory,
          gsize facts)
{
  Bytes bytes = { .scales = memory };

  bytes.offsets = (gint32 *) ((char *) memory + lines (facts * sizeof (float)));
  bytes.bytes = (gint8 *) memory + facts_bytes (facts);
  return bytes;
}

static void
quantise (const LimnCpuTask *task,
          const Int8        *int8,
          const Bytes       *to,
          gsize              position)
{
  float        values[MAX_CHANNELS];
  gint8       *bytes = to->bytes + position * int8->stride;
  const float *x = limn_load (task->node->inputs[0]->type, task->inputs[0], position * int8->channels, int8->channels, values);
  float        scale = scale_of (x, int8->channels), inverse = scale > 0 ? 1 / scale : 0;
  gint32       sum = 0;

#pragma omp simd reduction(+ \
                           : sum)
  for (gsize k = 0; k < int8->channels; k++)
    {
      gint32 q = (gint32) rintf (x[k] * inverse);

      bytes[k] = (gint8) q;
      sum += q;
    }
  memset (bytes + int8->channels, 0, int8->groups * GROUP - int8->channels);
  to->scales[position] = scale;
  to->offsets[position] = ZERO * sum;
}

/* The position of the input under tap (@ky, @kx) of the result's @row, -1 outside. */
static gssize
position_of (const LimnNode *node,
             gsize           row,
             int             ky,
             int             kx)
{
  const LimnConvArgs *args = limn_node_args (node);
  LimnShape           in = node->inputs[0]->shape, out = node->output->shape;
  int                 x = (int) (row % (gsize) out.w) * args->stride - args->pad_left + kx;
  int                 y = (int) (row / (gsize) out.w % (gsize) out.h) * args->stride - args->pad_top + ky;
  gsize               sample = row / limn_shape_positions (out);

  if (x < 0 || x >= in.w || y < 0 || y >= in.h)
    return -1;
  return (gssize) ((sample * (gsize) in.h + (gsize) y) * (gsize) in.w + (gsize) x);
}

static void
gather_patch (const LimnCpuTask *task,
              const Int8        *int8,
              const Bytes       *from,
              const Bytes       *to,
              gsize              row,
              gsize              index)
{
  const gsize n = int8->groups * GROUP;

  for (gsize tap = 0; tap < int8->taps; tap++)
    {
      gssize position = position_of (task->node, row, (int) tap / int8->kernel_width, (int) tap % int8->kernel_width);
      gsize  fact = index * int8->taps + tap;
      gint8 *bytes = to->bytes + index * int8->patch + tap * n;

      to->scales[fact] = position < 0 ? 0 : from->scales[position];
      to->offsets[fact] = position < 0 ? 0 : from->offsets[position];
      if (position < 0)
        memset (bytes, 0, n);
      else
        memcpy (bytes, from->bytes + (gsize) position * int8->stride, n);
    }
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

/* The sums of one tile: all taps, each with the scales of its positions. @first: row of @a that is the tile's first. */
static void
sum_taps (const Int8  *int8,
          const Bytes *a,
          gsize        first,
          gsize        n,
          gsize        panel,
          float       *sums)
{
  const guint8 *b = (const guint8 *) int8->pack->data + panel * panel_bytes (int8);
  gint32        c[LIMN_TILE_ROWS * LIMN_TILE_COLUMNS] __attribute__ ((aligned (64)));

  memset (sums, 0, n * LIMN_TILE_COLUMNS * sizeof *sums);
  for (gsize tap = 0; tap < int8->taps; tap++)
    {
      tile (a->bytes + first * int8->patch + tap * int8->groups * GROUP, int8->patch,
            b + tap * int8->groups * LIMN_TILE_COLUMNS * GROUP, int8->groups, c);
      for (gsize i = 0; i < n; i++)
        {
          const gint32  offset = a->offsets[(first + i) * int8->taps + tap];
          const float   scale = a->scales[(first + i) * int8->taps + tap];
          const gint32 *from = c + i * LIMN_TILE_COLUMNS;
          float        *to = sums + i * LIMN_TILE_COLUMNS;

#pragma omp simd
          for (gsize column = 0; column < LIMN_TILE_COLUMNS; column++)
            to[column] += (float) (from[column] - offset) * scale;
        }
    }
}

/* @a: the rows of the block; their first is @first of the result, and @at of @a. */
static void
multiply_rows (const LimnCpuTask *task,
               const Int8        *int8,
               const Bytes       *a,
               gsize              at,
               gsize              first,
               gsize              n,
               gsize              panel,
               const float       *bias)
{
  const float *scales = panel_scales (int8, panel);
  float        sums[LIMN_TILE_ROWS * LIMN_TILE_COLUMNS] __attribute__ ((aligned (64)));
  gsize        rows[LIMN_TILE_ROWS];

  sum_taps (int8, a, at, n, panel, sums);
  for (gsize i = 0; i < n; i++)
    {
      rows[i] = first + i;
#pragma omp simd
      for (gsize column = 0; column < LIMN_TILE_COLUMNS; column++)
        sums[i * LIMN_TILE_COLUMNS + column] *= scales[column];
    }
  limn_ending_store (&int8->ending, task, sums, bias, rows, n, panel);
}

static void
multiply_block (const LimnCpuTask *task,
                const Int8        *int8,
                const Bytes       *input,
                gsize              block,
                gsize              split,
                const float       *bias,
                void              *work)
{
  const gsize first = block * BLOCK_TILES * LIMN_TILE_ROWS;
  const gsize n = MIN (int8->rows - first, (gsize) BLOCK_TILES * LIMN_TILE_ROWS);
  const gsize begin = split * int8->panels / int8->splits, end = (split + 1) * int8->panels / int8->splits;
  Bytes       a = *input;

  if (int8->conv)
    {
      a = bytes_at (work, (gsize) BLOCK_TILES * LIMN_TILE_ROWS * int8->taps);
      for (gsize i = 0; i < n; i++)
        gather_patch (task, int8, input, &a, first + i, i);
    }
  for (gsize panel = begin; panel < end; panel++)
    for (gsize row = 0; row < n; row += LIMN_TILE_ROWS)
      multiply_rows (task, int8, &a, int8->conv ? row : first + row, first + row, MIN (n - row, LIMN_TILE_ROWS), panel, bias);
}

gboolean
LIMN_CPU_KERNEL (int8_run) (LimnCpuTask *task)
{
  const Int8  *int8 = task->state;
  char        *memory = (char *) task->scratch + lines (int8->panels * LIMN_TILE_COLUMNS * sizeof (float));
  const float *bias = limn_ending_bias (&int8->ending, task, task->scratch);
  const Bytes  input = bytes_at (memory, int8->positions + LIMN_TILE_ROWS);
  char        *work = (char *) input.bytes + (int8->positions + LIMN_TILE_ROWS) * int8->stride;
  gsize        jobs = int8->blocks * int8->splits;

#pragma omp parallel num_threads(limn_cpu_threads(task->cpu))
  {
#pragma omp for schedule(static)
    for (gsize position = 0; position < int8->positions; position++)
      quantise (task, int8, &input, position);
#pragma omp for schedule(dynamic)
    for (gsize job = 0; job < jobs; job++)
      multiply_block (task, int8, &input, job / int8->splits, job % int8->splits, bias,
                      work + int8->work * (gsize) omp_get_thread_num ());
  }
  return TRUE;
}
