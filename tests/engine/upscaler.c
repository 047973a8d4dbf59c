/* Upscalers with random weights against loops in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/upscaler-test.h"

#define LIMIT 1e-10

/* --- SRVGGNetCompact --- */

static NaiveImage *
naive_srvgg (const NetworkTest *network,
             int                layers,
             int                width,
             int                scale,
             const NaiveImage  *picture)
{
  g_autoptr (NaiveImage) x = naive_image_copy (picture);
  g_autoptr (NaiveImage) repeated = naive_repeat (picture, scale);
  NaiveImage *large;

  for (int i = 0; i < layers; i++)
    {
      g_autofree char *conv = g_strdup_printf ("body.%d", 2 * i), *slopes = g_strdup_printf ("body.%d.weight", 2 * i + 1);
      NaiveImage      *y = naive_conv (network, conv, x, 1);

      naive_image_free (x);
      x = y;
      for (int j = 0; j < x->h * x->w * x->c && i + 1 < layers; j++)
        if (x->data[j] < 0)
          x->data[j] *= network_test_values (network, slopes)[i == 1 ? 0 : j % width];
    }
  large = naive_shuffle (x, scale);
  naive_scale_add (large, 1, repeated);
  return large;
}

static void
test_srvgg (void)
{
  static const struct
  {
    int layers, width, scale, h, w;
  } cases[] = { { 2, 5, 1, 4, 3 }, { 3, 4, 2, 1, 1 }, { 4, 7, 3, 7, 5 }, { 6, 9, 4, 11, 13 } };
  g_auto (UpscalerPlace) place = { 0 };

  upscaler_place_init (&place);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NetworkTest) network = upscaler_test_srvgg (cases[i].layers, cases[i].width, cases[i].scale);
      g_autoptr (LimnUpscaler) upscaler = upscaler_test_open (&place, network, NULL);
      g_autoptr (LimnArray) picture = network_test_random ((LimnShape){ 1, cases[i].h, cases[i].w, RGB }, 3, 0, 1);
      g_autoptr (NaiveImage) exact = naive_from_array (picture, 0);
      g_autoptr (NaiveImage) want = naive_srvgg (network, cases[i].layers, cases[i].width, cases[i].scale, exact);
      g_autoptr (LimnArray) large = upscaler_test_run (upscaler, picture, 0);

      g_assert_cmpstr (limn_upscaler_info (upscaler)->kind, ==, "srvgg");
      g_assert_cmpint (limn_upscaler_scale (upscaler), ==, cases[i].scale);
      g_assert_true (limn_shape_equal (large->shape, (LimnShape){ 1, want->h, want->w, RGB }));
      g_assert_cmpfloat (naive_nmse (large, 0, want), <, LIMIT);
    }
}

/* --- RRDBNet --- */

static NaiveImage *
naive_dense (const NetworkTest *network,
             int                block,
             int                dense,
             const NaiveImage  *x)
{
  g_autoptr (NaiveImage) seen = naive_image_copy (x);

  for (int layer = 1;; layer++)
    {
      g_autofree char *name = g_strdup_printf ("body.%d.rdb%d.conv%d", block, dense, layer);
      g_autoptr (NaiveImage) y = naive_conv (network, name, seen, 1);
      NaiveImage *both;

      if (layer == 5)
        {
          naive_scale_add (y, 0.2, x);
          return g_steal_pointer (&y);
        }
      naive_rectify (y, 0.2);
      both = naive_concat (seen, y);
      naive_image_free (seen);
      seen = both;
    }
}

static NaiveImage *
naive_features (const NetworkTest  *network,
                const UpscalerRrdb *shape,
                const NaiveImage   *picture)
{
  g_autoptr (NaiveImage) squares = naive_unshuffle (picture, shape->unshuffle);
  g_autoptr (NaiveImage) first = naive_conv (network, "conv_first", squares, 1);
  g_autoptr (NaiveImage) x = naive_image_copy (first);
  NaiveImage *features;

  for (int block = 0; block < shape->blocks; block++)
    {
      g_autoptr (NaiveImage) a = naive_dense (network, block, 1, x);
      g_autoptr (NaiveImage) b = naive_dense (network, block, 2, a);
      NaiveImage *c = naive_dense (network, block, 3, b);

      naive_scale_add (c, 0.2, x);
      naive_image_free (x);
      x = c;
    }
  features = naive_conv (network, "conv_body", x, 1);
  naive_scale_add (features, 1, first);
  return features;
}

static NaiveImage *
naive_rrdb (const NetworkTest  *network,
            const UpscalerRrdb *shape,
            const NaiveImage   *picture)
{
  NaiveImage *x = naive_features (network, shape, picture);

  for (int i = 1; i <= shape->doublings + 2; i++)
    {
      g_autofree char *up = g_strdup_printf ("conv_up%d", i);
      g_autoptr (NaiveImage) before = x;
      g_autoptr (NaiveImage) doubled = i <= shape->doublings ? naive_repeat (before, 2) : naive_image_copy (before);

      x = naive_conv (network, i <= shape->doublings ? up : i == shape->doublings + 1 ? "conv_hr"
                                                                                      : "conv_last",
                      doubled, 1);
      if (i <= shape->doublings + 1)
        naive_rectify (x, 0.2);
    }
  return x;
}

/* Beyond its last row and column the picture goes on as in a mirror. */
static NaiveImage *
mirrored (const LimnArray *picture,
          int              step)
{
  g_autoptr (NaiveImage) from = naive_from_array (picture, 0);
  NaiveImage *to = naive_image_new ((from->h + step - 1) / step * step, (from->w + step - 1) / step * step, from->c);

  for (int y = 0; y < to->h; y++)
    for (int x = 0; x < to->w; x++)
      for (int c = 0; c < to->c; c++)
        *naive_at (to, y, x, c) = *naive_at (from, y < from->h ? y : 2 * from->h - 2 - y, x < from->w ? x : 2 * from->w - 2 - x, c);
  return to;
}

static void
check_rrdb (const UpscalerPlace *place,
            const UpscalerRrdb  *shape,
            int                  h,
            int                  w)
{
  g_autoptr (NetworkTest) network = upscaler_test_rrdb (shape);
  g_autoptr (LimnUpscaler) upscaler = upscaler_test_open (place, network, NULL);
  g_autoptr (LimnArray) picture = network_test_random ((LimnShape){ 1, h, w, RGB }, 4, 0, 1);
  g_autoptr (NaiveImage) exact = mirrored (picture, shape->unshuffle);
  g_autoptr (NaiveImage) want = naive_rrdb (network, shape, exact);
  g_autoptr (LimnArray) large = upscaler_test_run (upscaler, picture, 0);
  int scale = (1 << shape->doublings) / shape->unshuffle;

  g_assert_cmpstr (limn_upscaler_info (upscaler)->kind, ==, "rrdb");
  g_assert_cmpint (limn_upscaler_scale (upscaler), ==, scale);
  g_assert_true (limn_shape_equal (large->shape, (LimnShape){ 1, h * scale, w * scale, RGB }));
  g_assert_cmpfloat (naive_nmse (large, 0, want), <, LIMIT);
}

static void
test_rrdb (void)
{
  static const UpscalerRrdb shapes[] = {
    { 1, 5, 3, 1, 2 }, /* ×4 */
    { 2, 4, 5, 1, 1 }, /* ×2, as the first release has it */
    { 1, 6, 2, 2, 2 }, /* ×2 */
    { 1, 7, 4, 4, 2 }, /* ×1 */
    { 1, 4, 3, 1, 3 }, /* ×8 */
  };
  g_auto (UpscalerPlace) place = { 0 };

  upscaler_place_init (&place);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      check_rrdb (&place, &shapes[i], 8, 4);
      check_rrdb (&place, &shapes[i], 5, 7);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/upscaler/srvgg", test_srvgg);
  g_test_add_func ("/upscaler/rrdb", test_rrdb);
  return g_test_run ();
}
