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
  gsize    packed_keys;   /* floats of one head's keys: [key tile][width][tile rows] */
  gsize    packed_values; /* of its values: [width tile][key][tile rows] */
  gsize    work;          /* of one thread */
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
  g.packed_keys = g.key_tiles * LIMN_TILE_ROWS * g.width;
  g.packed_values = g.width_tiles * LIMN_TILE_ROWS * g.key_tiles * LIMN_TILE_ROWS;
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
  gsize    packed = g.samples * g.heads * (g.packed_keys + g.packed_values);

  task->scratch_size = (packed + g.work * (gsize) limn_cpu_threads (task->cpu)) * sizeof (float);
  return TRUE;
}

static void
pack_keys (const LimnCpuTask *task,
           const Geometry    *g,
           gsize              sample,
           gsize              head,
           float             *to)
{
  LimnType    type = task->node->inputs[1]->type;
  const char *k = (const char *) task->inputs[1] + (sample * g->keys * g->channels + head * g->width) * limn_type_size (type);

  for (gsize tile = 0; tile < g->key_tiles; tile++)
    {
      gsize first = tile * LIMN_TILE_ROWS;

      limn_tile_pack (type, k + first * g->channels * limn_type_size (type), g->channels, MIN (g->keys - first, LIMN_TILE_ROWS), g->width, LIMN_TILE_ROWS, 1, to + first * g->width);
    }
}

/* Keys that pad the last tile get a value of zero; their probability is zero as well. */
static void
pack_values (const LimnCpuTask *task,
             const Geometry    *g,
             gsize              sample,
             gsize              head,
             float             *to)
{
  LimnType type = task->node->inputs[2]->type;
  gsize    keys = g->key_tiles * LIMN_TILE_ROWS;
  gsize    first = sample * g->keys * g->channels + head * g->width;
  float    buffer[LIMN_TILE_ROWS];

  for (gsize tile = 0; tile < g->width_tiles; tile++)
    for (gsize key = 0; key < keys; key++)
      {
        float       *row = to + (tile * keys + key) * LIMN_TILE_ROWS;
        gsize        channel = tile * LIMN_TILE_ROWS;
        gsize        n = key < g->keys ? MIN (g->width - channel, LIMN_TILE_ROWS) : 0;
        const float *v = limn_load (type, task->inputs[2], first + (n > 0 ? key * g->channels + channel : 0), n, buffer);

        for (gsize i = 0; i < LIMN_TILE_ROWS; i++)
          row[i] = i < n ? v[i] : 0;
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
    limn_tile (keys + (first_key + tile * LIMN_TILE_ROWS) * g->width, 1, LIMN_TILE_ROWS, work->q, g->width, work->p + tile * LIMN_TILE_ROWS * QUERIES, QUERIES, FALSE);
  if (first_key + n_keys > visible || (g->causal && first_key + n_keys > query + 1))
    mask_scores (g, work, first_key, n_keys, visible, query);
  raise_maximum (g, work, n_keys);
  exponentiate (work, n_keys);
  for (gsize tile = 0; tile < g->width_tiles; tile++)
    limn_tile (values + (tile * g->key_tiles * LIMN_TILE_ROWS + first_key) * LIMN_TILE_ROWS, 1, LIMN_TILE_ROWS, work->p, n_keys, work->o + tile * LIMN_TILE_ROWS * QUERIES, QUERIES, TRUE);
}

static void
store_queries (const LimnCpuTask *task,
               const Geometry    *g,
               const Work        *work,
               gsize              at,
               gsize              n)
{
  LimnType type = task->node->output->type;
  float    row[LIMN_SPAN];

  for (gsize lane = 0; lane < n; lane++)
    for (gsize channel = 0; channel < g->width; channel += LIMN_SPAN)
      {
        gsize count = MIN (g->width - channel, LIMN_SPAN), to = at + lane * g->channels + channel;

        for (gsize c = 0; c < count; c++)
          row[c] = work->o[(channel + c) * QUERIES + lane] / work->sum[lane];
        if (type == LIMN_F32)
          memcpy ((float *) task->output + to, row, count * sizeof *row);
        else
          limn_f32_row_to_bf16 (row, (guint16 *) task->output + to, count);
      }
}

static void
attend (const LimnCpuTask *task,
        const Geometry    *g,
        const float       *keys,
        const float       *values,
        gsize              sample,
        gsize              head,
        gsize              query,
        float             *memory)
{
  Work *work = (Work *) memory;
  gsize n = MIN (g->queries - query, QUERIES);
  gsize at = (sample * g->queries + query) * g->channels + head * g->width;
  gsize visible = g->keys, reach;

  if (task->node->n_inputs > 3)
    visible = CLAMP (((const gint32 *) task->inputs[3])[sample], 1, (gint64) g->keys);
  reach = g->causal ? MIN (visible, query + n) : visible;
  work->q = memory + sizeof (Work) / sizeof (float);
  work->p = work->q + g->width * QUERIES;
  work->o = work->p + KEYS * QUERIES;
  limn_tile_pack (task->node->inputs[0]->type, (const char *) task->inputs[0] + at * limn_type_size (task->node->inputs[0]->type), g->channels, n, g->width, QUERIES, g->scale, work->q);
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
  float         *keys = task->scratch, *values = keys + heads * g.packed_keys, *work = values + heads * g.packed_values;
  gboolean       alone = heads * g.queries * g.keys * g.width < 64 * LIMN_PARALLEL;

#pragma omp parallel num_threads(limn_cpu_threads(task->cpu)) if (!alone)
  {
    float *own = work + g.work * (gsize) omp_get_thread_num ();

#pragma omp for schedule(static)
    for (gsize head = 0; head < heads; head++)
      {
        pack_keys (task, &g, head / g.heads, head % g.heads, keys + head * g.packed_keys);
        pack_values (task, &g, head / g.heads, head % g.heads, values + head * g.packed_values);
      }
#pragma omp for schedule(static)
    for (gsize i = 0; i < heads * tiles; i++)
      {
        gsize head = i / tiles;

        attend (task, &g, keys + head * g.packed_keys, values + head * g.packed_values, head / g.heads, head % g.heads, i % tiles * QUERIES, own);
      }
  }
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (attention) = {
  .prepare = attention_prepare,
  .run = attention_run,
};
