/* Tiles put together again: whatever they are cut into, the picture is whole, and what only lends context is not seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tiles.h"

#include "tests/engine/network-test.h"

#include <math.h>

#define OUTSIDE 1e6f

/* A piece of @picture, each pixel repeated, with nonsense where the piece's context is. */
static LimnArray *
compute_piece (const LimnArray    *picture,
               const LimnTiling   *tiling,
               const LimnTileAxis *rows,
               const LimnTileAxis *columns,
               int                 row,
               int                 column)
{
  int        top = limn_tile_start (rows, row), left = limn_tile_start (columns, column), scale = tiling->scale;
  LimnArray *piece = limn_array_new ((LimnShape){ 1, rows->size * scale, columns->size * scale, 2 });

  for (int y = 0; y < piece->shape.h; y++)
    for (int x = 0; x < piece->shape.w; x++)
      {
        int      py = y / scale, px = x / scale;
        gboolean lent = (top > 0 && py < tiling->context) || (left > 0 && px < tiling->context)
                        || (top + rows->size < rows->length && py >= rows->size - tiling->context)
                        || (left + columns->size < columns->length && px >= columns->size - tiling->context);

        for (int c = 0; c < 2; c++)
          piece->data[(y * piece->shape.w + x) * 2 + c] = lent ? OUTSIDE : picture->data[((top + py) * picture->shape.w + left + px) * 2 + c];
      }
  return piece;
}

static void
check_size (const LimnTiling *tiling,
            int               height,
            int               width)
{
  g_autoptr (LimnArray) picture = network_test_random ((LimnShape){ 1, height, width, 2 }, 1, 0.5, 1);
  g_autoptr (LimnArray) whole = limn_array_new ((LimnShape){ 1, height * tiling->scale, width * tiling->scale, 2 });
  g_auto (LimnTileAxis) rows = { 0 }, columns = { 0 };
  double worst = 0;

  limn_tile_axis_init (&rows, tiling, height);
  limn_tile_axis_init (&columns, tiling, width);
  g_assert_cmpint (rows.size, <=, tiling->side);
  for (int i = 0; i < rows.count * columns.count; i++)
    {
      g_autoptr (LimnArray) piece = compute_piece (picture, tiling, &rows, &columns, i / columns.count, i % columns.count);

      g_assert_cmpint (limn_tile_start (&rows, i / columns.count) % tiling->step, ==, 0);
      limn_tile_add (&rows, &columns, i / columns.count, i % columns.count, tiling->scale, piece, whole);
    }
  for (int y = 0; y < whole->shape.h; y++)
    for (int x = 0; x < whole->shape.w * 2; x++)
      worst = MAX (worst, fabsf (whole->data[y * whole->shape.w * 2 + x]
                                 - picture->data[(y / tiling->scale * width + x / 2 / tiling->scale) * 2 + x % 2]));
  g_assert_cmpfloat (worst, <, 1e-6);
}

static void
test_whole (void)
{
  static const LimnTiling tilings[] = {
    { .side = 16, .context = 3, .ramp = 0, .step = 1, .scale = 1 },
    { .side = 17, .context = 2, .ramp = 4, .step = 1, .scale = 3 },
    { .side = 20, .context = 4, .ramp = 4, .step = 4, .scale = 2 },
    { .side = 24, .context = 0, .ramp = 5, .step = 2, .scale = 1 },
    { .side = 9, .context = 4, .ramp = 0, .step = 1, .scale = 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tilings); i++)
    for (int size = 1; size < 60; size += 7)
      check_size (&tilings[i], size * tilings[i].step, (62 - size) * tilings[i].step);
}

/* A ramp passes from one piece into the next without a jump. */
static void
test_ramp (void)
{
  const LimnTiling tiling = { .side = 32, .context = 2, .ramp = 8, .step = 1, .scale = 2 };
  g_auto (LimnTileAxis) axis = { 0 };

  limn_tile_axis_init (&axis, &tiling, 100);
  g_assert_cmpint (axis.count, >, 2);
  for (int piece = 0; piece < axis.count; piece++)
    for (int i = 1; i < axis.size * tiling.scale; i++)
      {
        const float *share = axis.shares + piece * axis.size * tiling.scale + i;

        g_assert_cmpfloat (fabsf (share[0] - share[-1]), <=, 1.0 / (8 * tiling.scale) + 1e-6);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tiles/whole", test_whole);
  g_test_add_func ("/tiles/ramp", test_ramp);
  return g_test_run ();
}
