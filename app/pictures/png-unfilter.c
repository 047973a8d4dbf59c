/* Takes back the filters of a PNG's rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/png-unfilter.h"

#include <stdlib.h>

#define MAX_PIXEL 8

typedef enum
{
  FILTER_NONE,
  FILTER_SUB,
  FILTER_UP,
  FILTER_AVERAGE,
  FILTER_PAETH
} Filter;

static void
undo_up (guint8       *row,
         const guint8 *above,
         gsize         size)
{
#pragma omp simd
  for (gsize i = 0; i < size; i++)
    row[i] = (guint8) (row[i] + above[i]);
}

/* Of left, above and above left the one that is nearest to left + above - above left; in doubt the first of them. */
static inline int
paeth (int left,
       int above,
       int corner)
{
  int to_left = abs (above - corner), to_above = abs (left - corner), to_corner = abs (left + above - 2 * corner);
  int nearer = to_above <= to_corner ? above : corner, least = MIN (to_above, to_corner);

  return to_left <= least ? left : nearer;
}

/* The pixels before the first one are 0. What is carried from one pixel to the next stays in registers where @pixel is a constant. */
static inline void
undo_carried (Filter        filter,
              guint8       *row,
              const guint8 *above,
              gsize         size,
              gsize         pixel)
{
  guint8 left[MAX_PIXEL] = { 0 }, corner[MAX_PIXEL] = { 0 };

  for (gsize i = 0; i + pixel <= size; i += pixel)
    for (gsize c = 0; c < pixel; c++)
      {
        int guess = filter == FILTER_SUB ? left[c] : filter == FILTER_AVERAGE ? (left[c] + above[i + c]) / 2
                                                                                : paeth (left[c], above[i + c], corner[c]);

        corner[c] = above[i + c];
        left[c] = row[i + c] = (guint8) (row[i + c] + guess);
      }
}

/* A loop of its own for each filter and the usual pixels. */
static void
undo (Filter        filter,
      guint8       *row,
      const guint8 *above,
      gsize         size,
      gsize         pixel)
{
#define CASE(which, bytes)                                      \
  if (filter == which && pixel == bytes)                        \
    {                                                           \
      undo_carried (which, row, above, size, bytes);            \
      return;                                                   \
    }
  CASE (FILTER_SUB, 3)
  CASE (FILTER_SUB, 4)
  CASE (FILTER_AVERAGE, 3)
  CASE (FILTER_AVERAGE, 4)
  CASE (FILTER_PAETH, 3)
  CASE (FILTER_PAETH, 4)
#undef CASE
  undo_carried (filter, row, above, size, pixel);
}

gboolean
limn_png_unfilter (guint8 *data,
                   gsize   row,
                   gsize   height,
                   gsize   pixel)
{
  g_autofree guint8 *nothing = g_malloc0 (row);
  const guint8      *above = nothing;

  for (gsize y = 0; y < height; y++, above = data + 1, data += row + 1)
    {
      if (data[0] > FILTER_PAETH)
        return FALSE;
      if (data[0] == FILTER_UP)
        undo_up (data + 1, above, row);
      else if (data[0] != FILTER_NONE)
        undo ((Filter) data[0], data + 1, above, row, pixel);
      data[0] = FILTER_NONE;
    }
  return TRUE;
}
