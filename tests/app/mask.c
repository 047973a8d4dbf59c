/* Masks: painted, filled, undone, written and read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/mask.h"

static int
count (const LimnMask *mask)
{
  int n = 0;

  for (int y = 0; y < limn_mask_height (mask); y++)
    for (int x = 0; x < limn_mask_width (mask); x++)
      n += limn_mask_at (mask, x, y) > 127;
  return n;
}

static void
test_stroke (void)
{
  const LimnMaskBrush hard = { 5, 1, FALSE }, soft = { 8, 0, FALSE }, eraser = { 3, 1, TRUE };
  g_autoptr (LimnMask) mask = limn_mask_new (41, 33);

  g_assert_true (limn_mask_is_empty (mask));
  limn_mask_stroke (mask, (LimnMaskPoint){ 10, 16 }, (LimnMaskPoint){ 30, 16 }, &hard);
  g_assert_cmpint (limn_mask_at (mask, 20, 16), ==, 255);
  g_assert_cmpint (limn_mask_at (mask, 20, 12), ==, 255);
  g_assert_cmpint (limn_mask_at (mask, 20, 22), ==, 0);
  g_assert_cmpint (ABS (count (mask) - 278), <, 12); /* 20 × 10 + π 25 */
  limn_mask_stroke (mask, (LimnMaskPoint){ 20, 16 }, (LimnMaskPoint){ 20, 16 }, &eraser);
  g_assert_cmpint (limn_mask_at (mask, 20, 16), ==, 0);
  g_assert_cmpint (limn_mask_at (mask, 12, 16), ==, 255);
  limn_mask_clear (mask);
  limn_mask_stroke (mask, (LimnMaskPoint){ 20, 16 }, (LimnMaskPoint){ 20, 16 }, &soft);
  g_assert_cmpint (limn_mask_at (mask, 20, 16), >, limn_mask_at (mask, 24, 16));
  g_assert_cmpint (limn_mask_at (mask, 24, 16), >, 0);
  limn_mask_stroke (mask, (LimnMaskPoint){ -100, -100 }, (LimnMaskPoint){ 500, 500 }, &hard); /* beyond the edges */
}

static void
test_lasso_and_fill (void)
{
  const LimnMaskPoint square[] = { { 2, 2 }, { 12, 2 }, { 12, 12 }, { 2, 12 } }, inner[] = { { 4, 4 }, { 10, 4 }, { 10, 10 }, { 4, 10 } };
  g_autoptr (LimnMask) mask = limn_mask_new (17, 15);

  limn_mask_lasso (mask, square, 4, FALSE);
  g_assert_cmpint (count (mask), ==, 100);
  limn_mask_lasso (mask, inner, 4, TRUE);
  g_assert_cmpint (count (mask), ==, 64);
  limn_mask_fill (mask, 6, 6);
  g_assert_cmpint (count (mask), ==, 100);
  limn_mask_invert (mask);
  g_assert_cmpint (count (mask), ==, 17 * 15 - 100);
  limn_mask_fill (mask, 5, 5);
  g_assert_cmpint (count (mask), ==, 17 * 15);
  limn_mask_fill (mask, 99, -1);
}

static void
test_undo (void)
{
  const LimnMaskBrush brush = { 2, 1, FALSE };
  g_autoptr (LimnMask) mask = limn_mask_new (16, 16);

  g_assert_false (limn_mask_undo (mask));
  limn_mask_begin (mask);
  limn_mask_stroke (mask, (LimnMaskPoint){ 4, 4 }, (LimnMaskPoint){ 4, 4 }, &brush);
  limn_mask_begin (mask);
  limn_mask_invert (mask);
  g_assert_true (limn_mask_undo (mask));
  g_assert_cmpint (limn_mask_at (mask, 4, 4), ==, 255);
  g_assert_cmpint (limn_mask_at (mask, 12, 12), ==, 0);
  g_assert_true (limn_mask_undo (mask));
  g_assert_true (limn_mask_is_empty (mask));
  g_assert_true (limn_mask_redo (mask));
  g_assert_true (limn_mask_redo (mask));
  g_assert_false (limn_mask_redo (mask));
  g_assert_cmpint (limn_mask_at (mask, 12, 12), ==, 255);
}

static void
test_files (void)
{
  const LimnMaskBrush brush = { 3, 0.5, FALSE };
  g_autoptr (LimnMask) mask = limn_mask_new (13, 7);
  g_autoptr (LimnMask) read = NULL;
  g_autoptr (LimnMask) large = NULL;
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GBytes) overlay = NULL;
  const guint8 red[] = { 255, 0, 0 };

  limn_mask_stroke (mask, (LimnMaskPoint){ 4, 3 }, (LimnMaskPoint){ 9, 3 }, &brush);
  png = limn_mask_to_png (mask, NULL);
  read = limn_mask_from_file (png, 13, 7, NULL);
  for (int y = 0; y < 7; y++)
    for (int x = 0; x < 13; x++)
      g_assert_cmpint (limn_mask_at (read, x, y), ==, limn_mask_at (mask, x, y));
  large = limn_mask_from_file (png, 26, 14, NULL);
  g_assert_cmpint (limn_mask_at (large, 12, 6), ==, limn_mask_at (mask, 6, 3));
  overlay = limn_mask_overlay (mask, red);
  g_assert_cmpuint (g_bytes_get_size (overlay), ==, 13 * 7 * 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mask/stroke", test_stroke);
  g_test_add_func ("/mask/lasso-and-fill", test_lasso_and_fill);
  g_test_add_func ("/mask/undo", test_undo);
  g_test_add_func ("/mask/files", test_files);
  return g_test_run ();
}
