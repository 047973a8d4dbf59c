/* Attention on the CPU: blocks of keys against a tile of queries, with a running maximum.
 *
 * Scores are computed transposed, keys down and queries across, so that a query is a lane: its maximum, its sum and its
 * exponentials need no sums across lanes, and a block of probabilities is at once the right operand of the second product.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/tile.h"

#include "engine/ops/ops.h"

#include <math.h>

enum
{
  QUERIES = LIMN_TILE_COLUMNS,
  KEY_TILES = 16, /* a block of probabilities, 28 kB with the widest tile, stays in the first-level cache */
  KEYS = KEY_TILES * LIMN_TILE_ROWS
};

typedef struct
{
  gsize    samples, heads, width; /* of a head */
  gsize    queries, keys;         /* tokens */
  gsize    key_tiles, width_tiles;
  gsize    stride; /* floats of a widened key or value: whole tiles */
  gsize    packed; /* floats of one head's keys, or of its values */
  gsize    work;   /* of one thread */
  gsize    channels;
  float    scale;
  gboolean causal;
} Geometry;

/* One tile of queries on its way over the keys. */
typedef struct
{
  float *q; /* [width][QUERIES] */
  float *p; /* [KEYS][QUERIES] */
  float *o; /* [width tiles · tile rows][QUERIES] */
  float  maximum[QUERIES], sum[QUERIES];
} Work;

static Geometry
geometry_of (const LimnNode *node)
{
  const LimnAttentionArgs *args = limn_node_args (node);
  LimnShape                q = node->inputs[0]->shape;
  Geometry                 g = { 0 };

  g.samples = q.n;
  g.heads = args->heads;
  g.channels = q.c;
  g.width = g.channels / g.heads;
  g.queries = limn_shape_positions (q);
  g.keys = limn_shape_positions (node->inputs[1]->shape);
  g.key_tiles = limn_tiles (g.keys, LIMN_TILE_ROWS);
  g.width_tiles = limn_tiles (g.width, LIMN_TILE_ROWS);
  g.stride = g.width_tiles * LIMN_TILE_ROWS;
  g.packed = g.key_tiles * LIMN_TILE_ROWS * g.stride;
  g.work = sizeof (Work) / sizeof (float) + QUERIES * (g.width + KEYS + g.width_tiles * LIMN_TILE_ROWS);
  g.work = (g.work + 15) / 16 * 16;
  g.scale = args->scale;
  g.causal = args->causal;
  return g;
}

static gboolean
attention_prepare (LimnCpuTask *task,
                   GError     **error)
{
  Geometry g = geometry_of (task->node);
  gsize    packed = g.samples * g.heads * g.packed;

  task->scratch_size = (2 * packed + g.work * (gsize) limn_cpu_threads (task->cpu)) * sizeof (float);
  return TRUE;
}

/* Keys or values of one head as floats; rows and columns that fill up the last tile are zero. */
static void
widen_head (const LimnCpuTask *task,
            const Geometry    *g,
            int                input,
            gsize              head,
            float             *to)
{
  LimnType type = task->node->inputs[input]->type;
  gsize    from = head / g->heads * g->keys * g->channels + head % g->heads * g->width;

  for (gsize key = 0; key < g->key_tiles * LIMN_TILE_ROWS; key++, to += g->stride)
    {
      gsize n = key < g->keys ? g->width : 0;

      if (n > 0 && type == LIMN_F32)
        memcpy (to, (const float *) task->inputs[input] + from + key * g->channels, n * sizeof *to);
      else if (n > 0)
        limn_bf16_row_to_f32 ((const guint16 *) task->inputs[input] + from + key * g->channels,
                              to, n);
      memset (to + n, 0, (g->stride - n) * sizeof *to);
    }
}

/* --- one tile of queries ----------------------------------------------------------------------------------------- */

/* Scores of keys that must not be seen become -∞; @query is the tile's first. */
static void
mask_scores (const Geometry *g,
             Work           *work,
             gsize           first_key,
             gsize           n_keys,
             gsize           visible,
             gsize           query)
{
  for (gsize key = 0; key < n_keys; key++)
    for (gsize lane = 0; lane < QUERIES; lane++)
      {
        gsize limit = g->causal ? MIN (visible, query + lane + 1) : visible;

        if (first_key + key >= limit)
          work->p[key * QUERIES + lane] = -INFINITY;
      }
}

/* Raises the running maximum and shrinks what was summed under the old one. */
static void
raise_maximum (const Geometry *g,
               Work           *work,
               gsize           n_keys)
{
  float maximum[QUERIES], shrink[QUERIES];

  memcpy (maximum, work->maximum, sizeof maximum);
  for (gsize key = 0; key < n_keys; key++)
    {
      const float *row = work->p + key * QUERIES;

#pragma omp simd
      for (gsize lane = 0; lane < QUERIES; lane++)
        maximum[lane] = row[lane] > maximum[lane] ? row[lane] : maximum[lane];
    }
#pragma omp simd
  for (gsize lane = 0; lane < QUERIES; lane++)
    {
      shrink[lane] = limn_exp (work->maximum[lane] - maximum[lane]);
      work->maximum[lane] = maximum[lane];
      work->sum[lane] *= shrink[lane];
    }
  for (gsize row = 0; row < g->width_tiles * LIMN_TILE_ROWS; row++)
    {
      float *o = work->o + row * QUERIES;

#pragma omp simd
      for (gsize lane = 0; lane < QUERIES; lane++)
        o[lane] *= shrink[lane];
    }
}

static void
exponentiate (Work *work,
              gsize n_keys)
{
  float sum[QUERIES], maximum[QUERIES];

  memcpy (sum, work->sum, sizeof sum);
  memcpy (maximum, work->maximum, sizeof maximum);
  for (gsize key = 0; key < n_keys; key++)
    {
      float *row = work->p + key * QUERIES;

#pragma omp simd
      for (gsize lane = 0; lane < QUERIES; lane++)
        {
          row[lane] = limn_exp (row[lane] - maximum[lane]);
          sum[lane] += row[lane];
        }
    }
  memcpy (work->sum, sum, sizeof sum);
}

static void
attend_block (const Geometry *g,
              const float    *keys,
              const float    *values,
              Work           *work,
              gsize           first_tile,
              gsize           visible,
              gsize           query)
{
  gsize tiles = MIN (g->key_tiles - first_tile, KEY_TILES);
  gsize first_key = first_tile * LIMN_TILE_ROWS, n_keys = tiles * LIMN_TILE_ROWS;

  for (gsize tile = 0; tile < tiles; tile++)
    limn_tile (keys + (first_key + tile * LIMN_TILE_ROWS) * g->stride, g->stride, 1, work->q,
               g->width, work->p + tile * LIMN_TILE_ROWS * QUERIES, QUERIES, FALSE);
  if (first_key + n_keys > visible || (g->causal && first_key + n_keys > query + 1))
    mask_scores (g, work, first_key, n_keys, visible, query);
  raise_maximum (g, work, n_keys);
  exponentiate (work, n_keys);
  for (gsize tile = 0; tile < g->width_tiles; tile++)
    limn_tile (values + first_key * g->stride + tile * LIMN_TILE_ROWS, 1, g->stride, work->p,
               n_keys, work->o + tile * LIMN_TILE_ROWS * QUERIES, QUERIES, TRUE);
}

/* Divides by the sums and turns lanes back into rows. */
static void
store_queries (const LimnCpuTask *task,
               const Geometry    *g,
               Work              *work,
               gsize              at,
               gsize              n)
{
  LimnType type = task->node->output->type;
  float    row[LIMN_SPAN], inverse[QUERIES];

  for (gsize lane = 0; lane < QUERIES; lane++)
    inverse[lane] = 1 / work->sum[lane];
  for (gsize c = 0; c < g->width; c++)
#pragma omp simd
    for (gsize lane = 0; lane < QUERIES; lane++)
      work->o[c * QUERIES + lane] *= inverse[lane];

  for (gsize lane = 0; lane < n; lane++)
    for (gsize channel = 0; channel < g->width; channel += LIMN_SPAN)
      {
        gsize  count = MIN (g->width - channel, LIMN_SPAN), to = at + lane * g->channels + channel;
        float *y = limn_target (type, task->output, to, row);

        for (gsize c = 0; c < count; c++)
          y[c] = work->o[(channel + c) * QUERIES + lane];
        limn_store (type, y, task->output, to, count);
      }
}

static void
attend (const LimnCpuTask *task,
        const Geometry    *g,
        const float       *keys,
        const float       *values,
        gsize              head,
        gsize              query,
        float             *memory)
{
  Work *work = (Work *) memory;
  gsize n = MIN (g->queries - query, QUERIES);
  gsize sample = head / g->heads;
  gsize at = (sample * g->queries + query) * g->channels + head % g->heads * g->width;
  gsize visible = g->keys, reach;

  if (task->node->n_inputs > 3)
    visible = CLAMP (((const gint32 *) task->inputs[3])[sample], 1, (gint64) g->keys);
  reach = g->causal ? MIN (visible, query + n) : visible;
  work->q = memory + sizeof (Work) / sizeof (float);
  work->p = work->q + g->width * QUERIES;
  work->o = work->p + KEYS * QUERIES;
  limn_tile_transpose (task->node->inputs[0]->type,
                       (const char *) task->inputs[0] + at * limn_type_size (task->node->inputs[0]->type),
                       g->channels, n, g->width, g->scale, work->q);
  memset (work->o, 0, g->width_tiles * LIMN_TILE_ROWS * QUERIES * sizeof (float));
  for (gsize lane = 0; lane < QUERIES; lane++)
    {
      work->maximum[lane] = -G_MAXFLOAT;
      work->sum[lane] = 0;
    }
  for (gsize tile = 0; tile * LIMN_TILE_ROWS < reach; tile += KEY_TILES)
    attend_block (g, keys, values, work, tile, visible, query);
  store_queries (task, g, work, at, n);
}

static gboolean
attention_run (LimnCpuTask *task)
{
  const Geometry g = geometry_of (task->node);
  gsize          heads = g.samples * g.heads, tiles = limn_tiles (g.queries, QUERIES);
  float         *keys = task->scratch, *values = keys + heads * g.packed,
        *work = values + heads * g.packed;
  gboolean alone = heads * g.queries * g.keys * g.width < 8 * LIMN_PARALLEL;

#pragma omp parallel num_threads(limn_cpu_threads(task->cpu)) if (!alone)
  {
    float *own = work + g.work * (gsize) omp_get_thread_num ();

#pragma omp for schedule(static)
    for (gsize head = 0; head < heads; head++)
      {
        widen_head (task, &g, 1, head, keys + head * g.packed);
        widen_head (task, &g, 2, head, values + head * g.packed);
      }
#pragma omp for schedule(static)
    for (gsize i = 0; i < heads * tiles; i++)
      {
        gsize head = i / tiles;

        attend (task, &g, keys + head * g.packed, values + head * g.packed, head,
                i % tiles * QUERIES, own);
      }
  }
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (attention) = {
  .prepare = attention_prepare,
  .run = attention_run,
};
