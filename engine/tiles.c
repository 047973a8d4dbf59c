/* Tiles: a picture in overlapping pieces of one size, put together again without seams.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tiles.h"

int
limn_tile_start (const LimnTileAxis *axis,
                 int                 index)
{
  return MIN (index * axis->stride, axis->length - axis->size);
}

/* From 0 to 1 in a line from @context to @context + @ramp pixels away from the edge. */
static double
rise (const LimnTiling *tiling,
      double            distance)
{
  double above = distance - tiling->context;

  return tiling->ramp == 0 ? above > 0 : CLAMP (above / tiling->ramp, 0, 1);
}

/* The picture's own edges are no edges between pieces. */
static double
share (const LimnTileAxis *axis,
       const LimnTiling   *tiling,
       int                 start,
       int                 i)
{
  double at = (i + 0.5) / tiling->scale, first = 1, last = 1;

  if (start > 0)
    first = rise (tiling, at);
  if (start + axis->size < axis->length)
    last = rise (tiling, axis->size - at);
  return first * last;
}

static void
fill_shares (LimnTileAxis     *axis,
             const LimnTiling *tiling)
{
  int                n = axis->size * tiling->scale;
  g_autofree double *sums = g_new0 (double, (gsize) axis->length * tiling->scale);

  for (int pass = 0; pass < 2; pass++)
    for (int piece = 0; piece < axis->count; piece++)
      {
        int start = limn_tile_start (axis, piece), first = start * tiling->scale;

        for (int i = 0; i < n; i++)
          if (pass == 0)
            sums[first + i] += share (axis, tiling, start, i);
          else
            axis->shares[(gsize) piece * n + i] = (float) (share (axis, tiling, start, i) / sums[first + i]);
      }
}

static int
round_up (int n,
          int step)
{
  return (n + step - 1) / step * step;
}

static void
place_pieces (LimnTileAxis     *axis,
              const LimnTiling *tiling,
              int               size)
{
  int stride = size - 2 * tiling->context - tiling->ramp;

  axis->size = MIN (axis->length, size);
  axis->stride = MAX (stride / tiling->step, 1) * tiling->step;
  axis->count = 1 + (axis->length - axis->size + axis->stride - 1) / axis->stride;
}

/* As few pieces as there can be, and these as small as they can be. */
void
limn_tile_axis_init (LimnTileAxis     *axis,
                     const LimnTiling *tiling,
                     int               length)
{
  int overlap = 2 * tiling->context + tiling->ramp;

  axis->length = length;
  place_pieces (axis, tiling, tiling->side);
  place_pieces (axis, tiling, round_up ((length + (axis->count - 1) * overlap + axis->count - 1) / axis->count, tiling->step));
  axis->shares = g_new (float, (gsize) axis->count * axis->size * tiling->scale);
  fill_shares (axis, tiling);
}

void
limn_tile_axis_clear (LimnTileAxis *axis)
{
  g_clear_pointer (&axis->shares, g_free);
}

void
limn_tile_add (const LimnTileAxis *rows,
               const LimnTileAxis *columns,
               int                 row,
               int                 column,
               int                 scale,
               const LimnArray    *piece,
               LimnArray          *whole)
{
  LimnShape    small = piece->shape, large = whole->shape;
  int          top = limn_tile_start (rows, row) * scale, left = limn_tile_start (columns, column) * scale;
  const float *down = rows->shares + (gsize) row * small.h, *across = columns->shares + (gsize) column * small.w;

  for (int y = 0; y < MIN (small.h, large.h - top); y++)
    for (int x = 0; x < MIN (small.w, large.w - left); x++)
      {
        const float *from = piece->data + ((gsize) y * small.w + x) * small.c;
        float       *to = whole->data + ((gsize) (top + y) * large.w + left + x) * large.c;
        float        part = down[y] * across[x];

        for (int c = 0; c < small.c; c++)
          to[c] += part * from[c];
      }
}
