/* 3 × 3 convolutions of stride 1 by Winograd's F(4 × 4, 3 × 3): 36 products a tile of 16 results instead of 144.
 *
 * Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2015. All arithmetic is in floats, whatever the stored type:
 * what the transforms amplify is then float rounding. The weights stay as 9 numbers and are transformed anew in each call, a panel
 * of output channels at a time, which costs a few percent and saves four times their memory.
 *
 *   1. tiles of 6 × 6 input pixels → V [36][tile][channel]        (all threads, a chunk of tiles)
 *   2. for each panel of output channels: weights → U [36][channel][panel]
 *      for each group of tiles: M [36][tile][panel] = V U, results from M, epilogue, stored
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

#include "engine/ops/ops.h"

enum
{
  IN = 6,  /* pixels across an input tile */
  OUT = 4, /* across its results */
  POINTS = IN * IN,
  TAPS = 9,
  LEAST_TILES = 8,                  /* with fewer, transforming the weights takes longer than is saved */
  GROUP_TILES = 4 * LIMN_TILE_ROWS, /* whose M stays in the second-level cache */
  CHUNK_BYTES = 24 * 1024 * 1024    /* of V */
};

typedef struct
{
  LimnEnding ending;
  LimnPack  *pack; /* [panel][channel][TAPS][LIMN_TILE_COLUMNS], of the activations' type */
  gsize      channels, panels;
  gsize      across, down, tiles; /* tiles of a row, of a column, of all samples */
  gsize      chunk;               /* tiles transformed at once */
  gsize      row_stride;          /* floats from one tile of V to the next */
  gsize      work;                /* floats of one thread: U and M */
} Winograd;

/* --- weights ----------------------------------------------------------------------------------------------------- */

/* G g: 3 numbers → 6 */
static inline __attribute__ ((always_inline)) void
transform_taps (const LimnVector g[3],
                LimnVector       u[IN])
{
  LimnVector even = (g[0] + g[2]) * (-1.0f / 6), odd = g[1] * (1.0f / 6);
  LimnVector even2 = g[0] * (1.0f / 24) + g[2] * (1.0f / 6), odd2 = g[1] * (1.0f / 12);

  u[0] = g[0] * 0.25f;
  u[1] = even - odd;
  u[2] = even + odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

/* G g Gᵀ of one channel and one vector of outputs; @step: floats from one point of U to the next */
static inline void
transform_weight (LimnType    type,
                  const void *taps,
                  gsize       at,
                  float      *u,
                  gsize       step)
{
  LimnVector g[TAPS], rows[3][IN];

  for (int tap = 0; tap < TAPS; tap++)
    {
      float        buffer[LIMN_LANES];
      const float *from = limn_load (type, taps, at + (gsize) tap * LIMN_TILE_COLUMNS, LIMN_LANES, buffer);

      g[tap] = *(const LimnVector *) from;
    }
  for (int row = 0; row < 3; row++)
    transform_taps (g + 3 * row, rows[row]);
  for (int column = 0; column < IN; column++)
    {
      LimnVector line[3] = { rows[0][column], rows[1][column], rows[2][column] }, out[IN];

      transform_taps (line, out);
      for (int row = 0; row < IN; row++)
        *(LimnVector *) (u + (gsize) (row * IN + column) * step) = out[row];
    }
}

static void
transform_panel (const LimnCpuTask *task,
                 const Winograd    *winograd,
                 gsize              panel,
                 float             *u)
{
  LimnType type = task->node->inputs[0]->type;
  gsize    step = winograd->channels * LIMN_TILE_COLUMNS;

  for (gsize channel = 0; channel < winograd->channels; channel++)
    for (gsize lane = 0; lane < LIMN_TILE_COLUMNS; lane += LIMN_LANES)
      transform_weight (type, winograd->pack->data,
                        (panel * winograd->channels + channel) * TAPS * LIMN_TILE_COLUMNS + lane,
                        u + channel * LIMN_TILE_COLUMNS + lane, step);
}

/* --- input ------------------------------------------------------------------------------------------------------- */

/* Bᵀ d: 6 numbers → 6 */
static inline __attribute__ ((always_inline)) void
transform_pixels (const LimnVector d[IN],
                  LimnVector       v[IN])
{
  LimnVector a = d[4] - 4.0f * d[2], b = d[3] - 4.0f * d[1];
  LimnVector c = d[4] - d[2], e = 2.0f * (d[3] - d[1]);

  v[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  v[1] = a + b;
  v[2] = a - b;
  v[3] = c + e;
  v[4] = c - e;
  v[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

/* Where the pixels of one input tile lie: NULL outside the picture. */
typedef struct
{
  gboolean inside[POINTS];
  gsize    at[POINTS]; /* element of the first channel */
} Pixels;

static Pixels
find_pixels (const LimnCpuTask *task,
             const Winograd    *winograd,
             gsize              tile)
{
  const LimnConvArgs *args = limn_node_args (task->node);
  LimnShape           in = task->node->inputs[0]->shape;
  gsize               sample = tile / (winograd->across * winograd->down);
  int                 x = (int) (tile % winograd->across) * OUT - args->pad_left;
  int                 y = (int) (tile / winograd->across % winograd->down) * OUT - args->pad_top;
  Pixels              pixels;

  for (int row = 0; row < IN; row++)
    for (int column = 0; column < IN; column++)
      {
        int point = row * IN + column;

        pixels.inside[point] = y + row >= 0 && y + row < in.h && x + column >= 0 && x + column < in.w;
        pixels.at[point] = ((sample * in.h + (y + row)) * in.w + (x + column)) * (gsize) in.c;
      }
  return pixels;
}

static inline LimnVector
load_channels (LimnType    type,
               const void *x,
               gsize       at,
               gsize       n)
{
  LimnVector   result = { 0 };
  float        buffer[LIMN_LANES];
  const float *from;

  if (n == LIMN_LANES)
    {
      from = limn_load (type, x, at, LIMN_LANES, buffer);
      return *(const LimnVector *) from;
    }
  from = limn_load (type, x, at, n, buffer);
  for (gsize i = 0; i < n; i++)
    result[i] = from[i];
  return result;
}

static void
transform_tile (const LimnCpuTask *task,
                const Winograd    *winograd,
                gsize              tile,
                float             *v)
{
  Pixels   pixels = find_pixels (task, winograd, tile);
  LimnType type = task->node->inputs[0]->type;
  gsize    step = winograd->chunk * winograd->row_stride;

  for (gsize channel = 0; channel < winograd->channels; channel += LIMN_LANES)
    {
      gsize      n = MIN (winograd->channels - channel, LIMN_LANES);
      LimnVector columns[IN][IN];

      for (int column = 0; column < IN; column++)
        {
          LimnVector d[IN];

          for (int row = 0; row < IN; row++)
            d[row] = pixels.inside[row * IN + column]
                         ? load_channels (type, task->inputs[0],
                                          pixels.at[row * IN + column] + channel, n)
                         : (LimnVector){ 0 };
          transform_pixels (d, columns[column]);
        }
      for (int row = 0; row < IN; row++)
        {
          LimnVector d[IN], out[IN];

          for (int column = 0; column < IN; column++)
            d[column] = columns[column][row];
          transform_pixels (d, out);
          for (int column = 0; column < IN; column++)
            *(LimnVector *) (v + (gsize) (row * IN + column) * step + channel) = out[column];
        }
    }
}

/* --- results ----------------------------------------------------------------------------------------------------- */

/* Aᵀ m: 6 numbers → 4 */
static inline __attribute__ ((always_inline)) void
transform_sums (const LimnVector m[IN],
                LimnVector       y[OUT])
{
  LimnVector a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];

  y[0] = m[0] + a + c;
  y[1] = b + 2.0f * d;
  y[2] = a + 4.0f * c;
  y[3] = b + 8.0f * d + m[5];
}

/* Results of one tile and one vector of channels; @m: its sums, @step floats from one point to the next */
static inline void
transform_results (const float *m,
                   gsize        step,
                   float       *y)
{
  LimnVector columns[IN][OUT];

  for (int column = 0; column < IN; column++)
    {
      LimnVector line[IN];

      for (int row = 0; row < IN; row++)
        line[row] = *(const LimnVector *) (m + (gsize) (row * IN + column) * step);
      transform_sums (line, columns[column]);
    }
  for (int row = 0; row < OUT; row++)
    {
      LimnVector line[IN], out[OUT];

      for (int column = 0; column < IN; column++)
        line[column] = columns[column][row];
      transform_sums (line, out);
      for (int column = 0; column < OUT; column++)
        *(LimnVector *) (y + (gsize) (row * OUT + column) * LIMN_TILE_COLUMNS) = out[column];
    }
}

static void
store_tile (const LimnCpuTask *task,
            const Winograd    *winograd,
            gsize              tile,
            gsize              panel,
            const float       *m,
            const float       *bias)
{
  LimnShape out = task->node->output->shape;
  gsize     sample = tile / (winograd->across * winograd->down);
  int       x = (int) (tile % winograd->across) * OUT,
      y = (int) (tile / winograd->across % winograd->down) * OUT;
  float results[OUT * OUT * LIMN_TILE_COLUMNS] __attribute__ ((aligned (64)));

  for (gsize lane = 0; lane < LIMN_TILE_COLUMNS; lane += LIMN_LANES)
    transform_results (m + lane, (gsize) GROUP_TILES * LIMN_TILE_COLUMNS, results + lane);
  for (int row = 0; row < MIN (OUT, out.h - y); row++)
    {
      gsize rows[OUT];

      for (int column = 0; column < OUT; column++)
        rows[column] = (sample * out.h + (y + row)) * out.w + (x + column);
      limn_ending_store (&winograd->ending, task, results + row * OUT * LIMN_TILE_COLUMNS, bias,
                         rows, MIN (OUT, out.w - x), panel);
    }
}

static void
multiply_group (const LimnCpuTask *task,
                const Winograd    *winograd,
                const float       *v,
                const float       *u,
                float             *m,
                gsize              first,
                gsize              n,
                gsize              panel,
                const float       *bias)
{
  for (gsize point = 0; point < POINTS; point++)
    for (gsize tile = 0; tile < n; tile += LIMN_TILE_ROWS)
      limn_tile (v + (point * winograd->chunk + tile) * winograd->row_stride,
                 winograd->row_stride, 1, u + point * winograd->channels * LIMN_TILE_COLUMNS,
                 winograd->channels, m + (point * GROUP_TILES + tile) * LIMN_TILE_COLUMNS,
                 LIMN_TILE_COLUMNS, FALSE);
  for (gsize tile = 0; tile < n; tile++)
    store_tile (task, winograd, first + tile, panel, m + tile * LIMN_TILE_COLUMNS, bias);
}

/* --- the kernel -------------------------------------------------------------------------------------------------- */

gboolean
LIMN_CPU_KERNEL (winograd_suits) (const LimnNode *node)
{
  const LimnConvArgs *args = limn_node_args (node);
  const gint64       *dims = node->weights[0]->dims;
  LimnShape           out = node->output->shape;
  gsize               tiles = (gsize) out.n * limn_tiles ((gsize) out.h, OUT) * limn_tiles ((gsize) out.w, OUT);

  return dims[2] == 3 && dims[3] == 3 && args->stride == 1 && dims[1] >= LIMN_LANES && out.h >= OUT && out.w >= OUT && tiles >= LEAST_TILES;
}

gboolean
LIMN_CPU_KERNEL (winograd_prepare) (LimnCpuTask *task,
                                    GError     **error)
{
  const LimnNode *node = task->node;
  LimnShape       out = node->output->shape;
  Winograd       *winograd = g_new0 (Winograd, 1);
  gsize           tile_bytes;
  LimnPanels      layout;

  task->state = winograd;
  limn_ending_init (&winograd->ending, node);
  winograd->channels = (gsize) node->inputs[0]->shape.c;
  winograd->panels = limn_panels (node);
  winograd->across = limn_tiles ((gsize) out.w, OUT);
  winograd->down = limn_tiles ((gsize) out.h, OUT);
  winograd->tiles = winograd->across * winograd->down * out.n;
  winograd->row_stride = limn_tiles (winograd->channels, 16) * 16 + 16;
  tile_bytes = POINTS * winograd->row_stride * sizeof (float);
  winograd->chunk = MIN (MAX (CHUNK_BYTES / tile_bytes, GROUP_TILES), winograd->tiles);
  winograd->chunk = limn_tiles (winograd->chunk, LIMN_TILE_ROWS) * LIMN_TILE_ROWS;
  winograd->work = POINTS * (winograd->channels + GROUP_TILES) * LIMN_TILE_COLUMNS;
  task->scratch_size = winograd->panels * LIMN_TILE_COLUMNS * sizeof (float) + winograd->chunk * tile_bytes + winograd->work * (gsize) limn_cpu_threads (task->cpu) * sizeof (float);
  layout = (LimnPanels){ winograd->ending.columns, winograd->channels * TAPS, TAPS, FALSE };
  winograd->pack = limn_panels_take (task, &layout);
  return TRUE;
}

void
LIMN_CPU_KERNEL (winograd_clear) (LimnCpuTask *task)
{
  Winograd *winograd = task->state;

  if (winograd == NULL)
    return;
  limn_pack_release (task->cpu, winograd->pack);
  limn_ending_clear (&winograd->ending);
  g_free (winograd);
}

/* Tiles first … first + n by all threads: @splits parts of them to each panel, where there are fewer panels than threads. */
static void
run_chunk (LimnCpuTask *task,
           gsize        first,
           gsize        n,
           const float *bias,
           float       *v,
           float       *work)
{
  const Winograd *winograd = task->state;
  gsize           threads = (gsize) limn_cpu_threads (task->cpu);
  gsize           groups = limn_tiles (n, GROUP_TILES);
  gsize           splits = MIN (groups, limn_tiles (2 * threads, winograd->panels));

#pragma omp parallel num_threads((int) threads)
  {
    float *u = work + winograd->work * (gsize) omp_get_thread_num ();
    float *m = u + POINTS * winograd->channels * LIMN_TILE_COLUMNS;

#pragma omp for schedule(static)
    for (gsize tile = 0; tile < n; tile++)
      transform_tile (task, winograd, first + tile, v + tile * winograd->row_stride);
#pragma omp for schedule(dynamic)
    for (gsize job = 0; job < winograd->panels * splits; job++)
      {
        gsize panel = job / splits, part = job % splits;

        transform_panel (task, winograd, panel, u);
        for (gsize group = part * groups / splits; group < (part + 1) * groups / splits; group++)
          {
            gsize begin = group * GROUP_TILES;

            multiply_group (task, winograd, v + begin * winograd->row_stride, u, m,
                            first + begin, MIN (n - begin, GROUP_TILES), panel, bias);
          }
      }
  }
}

gboolean
LIMN_CPU_KERNEL (winograd_run) (LimnCpuTask *task)
{
  const Winograd *winograd = task->state;
  float          *sum = task->scratch;
  float          *v = sum + winograd->panels * LIMN_TILE_COLUMNS;
  float          *work = v + POINTS * winograd->chunk * winograd->row_stride;
  const float    *bias = limn_ending_bias (&winograd->ending, task, sum);

  for (gsize first = 0; first < winograd->tiles; first += winograd->chunk)
    run_chunk (task, first, MIN (winograd->tiles - first, winograd->chunk), bias, v, work);
  return TRUE;
}
