/* Upscalers: ESRGAN's and Real-ESRGAN's networks, known by their tensors, run in tiles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/upscaler-private.h"

#include <math.h>

#include "engine/blocks/rrdb.h"
#include "engine/blocks/srvgg.h"
#include "engine/network.h"
#include "engine/tiles.h"
#include "engine/weights/name-map.h"
#include "engine/weights/weights-private.h"

/* Bytes of intermediate results that tiles are chosen for. */
#define TILE_BYTES (512e6)
#define MAX_TILE 1024

/* Surroundings up to here are given to each tile in full, so that tiles change nothing. Farther ones count so little that a strip of
 * pixels does, and a ramp hides the rest. */
#define MAX_EXACT_REACH 64
#define NEAR_CONTEXT 10
#define NEAR_RAMP 12

/* Pixels of a tile along a side that are not overlap, at the least. */
#define MIN_GAIN 16

/* Pixels of the result along a side. */
#define MAX_RESULT 65536

typedef struct
{
  const char *name; /* of the part in limn_names_upscalers */
  gboolean (*measure) (const LimnWeights *weights,
                       LimnUpscalerFacts *facts);
  LimnNetworkBuild build;
} Kind;

struct _LimnUpscaler
{
  const Kind       *kind;
  LimnUpscalerFacts facts;
  LimnUpscalerInfo  info;
  LimnNetwork       network;
};

static LimnTensor *
build_rrdb (const LimnScope *scope,
            gconstpointer    facts,
            LimnTensor      *x)
{
  return limn_rrdb (scope, facts, x);
}

static LimnTensor *
build_srvgg (const LimnScope *scope,
             gconstpointer    facts,
             LimnTensor      *x)
{
  return limn_srvgg (scope, facts, x);
}

static const Kind kinds[] = {
  { "rrdb", limn_rrdb_measure, build_rrdb },
  { "srvgg", limn_srvgg_measure, build_srvgg },
};

/* (transfer full) (nullable): the tensors of the first kind that they are. */
static LimnWeights *
recognise (const LimnWeights *weights,
           LimnUpscaler      *upscaler)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (LimnWeights) renamed = NULL;

      if (!limn_name_map_has (&limn_names_upscalers, weights, kinds[i].name))
        continue;
      renamed = limn_weights_renamed (weights, &limn_names_upscalers, kinds[i].name, NULL);
      upscaler->kind = &kinds[i];
      if (renamed != NULL && kinds[i].measure (renamed, &upscaler->facts))
        return g_steal_pointer (&renamed);
    }
  return NULL;
}

static void
fill_info (LimnUpscaler      *upscaler,
           const LimnWeights *weights)
{
  upscaler->info.kind = upscaler->kind->name;
  upscaler->info.scale = upscaler->facts.scale;
  upscaler->info.type = limn_type_name (limn_count_parameters (weights, &upscaler->info.parameters));
}

gboolean
limn_upscaler_recognise (const LimnWeights *weights,
                         LimnUpscalerInfo  *info)
{
  LimnUpscaler upscaler = { 0 };
  g_autoptr (LimnWeights) own = recognise (weights, &upscaler);

  if (own == NULL)
    return FALSE;
  fill_info (&upscaler, own);
  *info = upscaler.info;
  return TRUE;
}

LimnUpscaler *
limn_upscaler_open (LimnEngine *engine,
                    const char *path,
                    GError    **error)
{
  g_autoptr (LimnUpscaler) upscaler = g_new0 (LimnUpscaler, 1);
  g_autoptr (LimnWeights) weights = limn_weights_open (path, error);
  g_autofree char *shown = limn_printable (path);

  if (weights == NULL)
    return NULL;
  upscaler->network.weights = recognise (weights, upscaler);
  if (upscaler->network.weights == NULL)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                   "%s: is no upscaler that is known here: take an ESRGAN or Real-ESRGAN one (RRDBNet, SRVGGNetCompact)", shown);
      return NULL;
    }
  fill_info (upscaler, upscaler->network.weights);
  upscaler->network.engine = engine;
  upscaler->network.build = upscaler->kind->build;
  upscaler->network.facts = &upscaler->facts;
  upscaler->network.what = "enlarged picture";
  return g_steal_pointer (&upscaler);
}

void
limn_upscaler_free (LimnUpscaler *upscaler)
{
  if (upscaler == NULL)
    return;
  limn_network_clear (&upscaler->network);
  g_free (upscaler);
}

const LimnUpscalerInfo *
limn_upscaler_info (const LimnUpscaler *upscaler)
{
  return &upscaler->info;
}

int
limn_upscaler_scale (const LimnUpscaler *upscaler)
{
  return upscaler->facts.scale;
}

const LimnUpscalerFacts *
limn_upscaler_facts (const LimnUpscaler *upscaler)
{
  return &upscaler->facts;
}

static gboolean
check_picture (const LimnUpscaler *upscaler,
               const LimnArray    *picture,
               GError            **error)
{
  LimnShape shape = picture->shape;
  int       most = MAX_RESULT / upscaler->facts.scale;

  if (shape.n != 1 || shape.c != 3)
    return limn_argument_error (error, "%d pictures of %d channels: an upscaler takes one of 3", shape.n, shape.c);
  if (shape.h < 1 || shape.w < 1 || shape.h > most || shape.w > most)
    return limn_argument_error (error, "a picture of %d × %d: this upscaler takes up to %d × %d", shape.w, shape.h, most, most);
  return TRUE;
}

/* Pictures are as large as they are: there may be no memory for the result. */
static LimnArray *
new_result (LimnShape shape,
            GError  **error)
{
  float     *data = g_try_new0 (float, limn_shape_elements (shape));
  LimnArray *array;

  if (data == NULL)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
                   "no memory for %.1f GB of an enlarged picture of %d × %d; take a smaller one",
                   (double) limn_shape_elements (shape) * sizeof (float) / 1e9, shape.w, shape.h);
      return NULL;
    }
  array = g_new (LimnArray, 1);
  *array = (LimnArray){ shape, data };
  return array;
}

/* The place in 0 … n - 1 that is seen at @i if mirrors stand at the first and at the last pixel. */
static int
reflect (int i,
         int n)
{
  int period = 2 * (n - 1);

  if (period == 0)
    return 0;
  i %= period;
  return i < n ? i : period - i;
}

static LimnArray *
cut (const LimnArray *picture,
     int              top,
     int              left,
     int              height,
     int              width)
{
  LimnShape  from = picture->shape;
  LimnArray *piece = limn_array_new ((LimnShape){ 1, height, width, from.c });

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      memcpy (piece->data + ((gsize) y * width + x) * from.c,
              picture->data + ((gsize) reflect (top + y, from.h) * from.w + reflect (left + x, from.w)) * from.c,
              from.c * sizeof (float));
  return piece;
}

static LimnTiling
tiling_of (const LimnUpscalerFacts *facts,
           int                      side)
{
  gboolean   exact = facts->reach <= MAX_EXACT_REACH;
  LimnTiling tiling = {
    .context = exact ? facts->reach : NEAR_CONTEXT * facts->unshuffle,
    .ramp = exact ? 0 : NEAR_RAMP * facts->unshuffle,
    .step = facts->unshuffle,
    .scale = facts->scale,
  };
  int least = 2 * (tiling.context + tiling.ramp) + MIN_GAIN;

  tiling.side = (MAX (side, least) + facts->unshuffle - 1) / facts->unshuffle * facts->unshuffle;
  return tiling;
}

typedef struct
{
  LimnUpscaler    *upscaler;
  const LimnArray *picture;
  LimnProgressFunc progress;
  gpointer         data;
  gint64           started; /* microseconds */
} Run;

/* After @done of @all tiles. */
static gboolean
tell (const Run *run,
      int        done,
      int        all,
      GError   **error)
{
  double       seconds = (double) (g_get_monotonic_time () - run->started) / G_USEC_PER_SEC;
  LimnProgress progress = { .stage = "enlarge",
                            .picture = 1,
                            .pictures = 1,
                            .step = done,
                            .steps = all,
                            .seconds_left = done > 0 ? seconds / done * (all - done) : -1 };

  if (run->progress == NULL || run->progress (&progress, run->data))
    return TRUE;
  g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "enlarging was cancelled");
  return FALSE;
}

static gboolean
run_tiles (const Run          *run,
           const LimnTileAxis *rows,
           const LimnTileAxis *columns,
           LimnArray          *whole,
           GError            **error)
{
  int all = rows->count * columns->count;

  for (int i = 0; i < all; i++)
    {
      int row = i / columns->count, column = i % columns->count;
      g_autoptr (LimnArray) piece = NULL;
      g_autoptr (LimnArray) large = NULL;

      if (!tell (run, i, all, error))
        return FALSE;
      piece = cut (run->picture, limn_tile_start (rows, row), limn_tile_start (columns, column), rows->size, columns->size);
      large = limn_network_run (&run->upscaler->network, piece, error);
      if (large == NULL)
        return FALSE;
      limn_tile_add (rows, columns, row, column, run->upscaler->facts.scale, large, whole);
    }
  return tell (run, all, all, error);
}

LimnArray *
limn_upscaler_run_tiled (LimnUpscaler    *upscaler,
                         const LimnArray *picture,
                         int              side,
                         LimnProgressFunc progress,
                         gpointer         data,
                         GError         **error)
{
  const LimnUpscalerFacts *facts = &upscaler->facts;
  LimnTiling               tiling = tiling_of (facts, side);
  LimnShape                shape = picture->shape;
  const Run                run = { upscaler, picture, progress, data, g_get_monotonic_time () };
  g_auto (LimnTileAxis) rows = { 0 }, columns = { 0 };
  g_autoptr (LimnArray) whole = NULL;

  if (!check_picture (upscaler, picture, error))
    return NULL;
  whole = new_result ((LimnShape){ 1, shape.h * facts->scale, shape.w * facts->scale, 3 }, error);
  if (whole == NULL)
    return NULL;

  /* Where squares do not divide the picture it goes on as in a mirror; the rest of the result is left out. */
  limn_tile_axis_init (&rows, &tiling, (shape.h + tiling.step - 1) / tiling.step * tiling.step);
  limn_tile_axis_init (&columns, &tiling, (shape.w + tiling.step - 1) / tiling.step * tiling.step);
  return run_tiles (&run, &rows, &columns, whole, error) ? g_steal_pointer (&whole) : NULL;
}

LimnArray *
limn_upscaler_run (LimnUpscaler    *upscaler,
                   const LimnArray *picture,
                   LimnProgressFunc progress,
                   gpointer         data,
                   GError         **error)
{
  double side = sqrt (TILE_BYTES / (upscaler->facts.floats * sizeof (float)));

  return limn_upscaler_run_tiled (upscaler, picture, (int) MIN (side, MAX_TILE), progress, data, error);
}
