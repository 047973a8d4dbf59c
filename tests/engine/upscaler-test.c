/* What the tests of upscalers share: networks of random weights, opened from files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/upscaler-test.h"

#include "tests/engine/weights-test.h"

void
upscaler_place_init (UpscalerPlace *place)
{
  const LimnEngineOptions options = { .threads = 1, .device = "cpu", .type = "f32" };
  g_autoptr (GError) error = NULL;

  place->engine = limn_engine_new (&options, &error);
  g_assert_no_error (error);
  place->folder = weights_test_folder ();
}

void
upscaler_place_clear (UpscalerPlace *place)
{
  limn_engine_free (place->engine);
  weights_test_remove (place->folder);
  g_free (place->folder);
}

LimnUpscaler *
upscaler_test_open (const UpscalerPlace *place,
                    const NetworkTest   *network,
                    NetworkTestSpell     spell)
{
  g_autofree char *path = network_test_write (network, place->folder, "network.safetensors", spell);
  g_autoptr (GError) error = NULL;
  LimnUpscaler *upscaler = limn_upscaler_open (place->engine, path, &error);

  g_assert_no_error (error);
  return upscaler;
}

LimnArray *
upscaler_test_run (LimnUpscaler    *upscaler,
                   const LimnArray *picture,
                   int              side)
{
  g_autoptr (GError) error = NULL;
  LimnArray *large = side > 0 ? limn_upscaler_run_tiled (upscaler, picture, side, NULL, NULL, &error)
                              : limn_upscaler_run (upscaler, picture, NULL, NULL, &error);

  g_assert_no_error (error);
  return large;
}

NetworkTest *
upscaler_test_srvgg (int layers,
                     int width,
                     int scale)
{
  NetworkTest *network = network_test_new (7);

  for (int i = 0; i < layers; i++)
    {
      g_autofree char *conv = g_strdup_printf ("body.%d", 2 * i), *slopes = g_strdup_printf ("body.%d.weight", 2 * i + 1);

      network_test_add_conv (network, conv, i + 1 < layers ? width : RGB * scale * scale, i > 0 ? width : RGB, 3, TRUE);
      if (i + 1 < layers)
        network_test_add_vector (network, slopes, i == 1 ? 1 : width); /* one for all is allowed, too */
    }
  return network;
}

NetworkTest *
upscaler_test_rrdb (const UpscalerRrdb *shape)
{
  NetworkTest *network = network_test_new (9);

  network_test_add_conv (network, "conv_first", shape->width, RGB * shape->unshuffle * shape->unshuffle, 3, TRUE);
  for (int i = 0; i < shape->blocks * 15; i++)
    {
      g_autofree char *name = g_strdup_printf ("body.%d.rdb%d.conv%d", i / 15, i / 5 % 3 + 1, i % 5 + 1);

      network_test_add_conv (network, name, i % 5 == 4 ? shape->width : shape->growth, shape->width + i % 5 * shape->growth, 3, TRUE);
    }
  network_test_add_conv (network, "conv_body", shape->width, shape->width, 3, TRUE);
  for (int i = 1; i <= shape->doublings; i++)
    {
      g_autofree char *name = g_strdup_printf ("conv_up%d", i);

      network_test_add_conv (network, name, shape->width, shape->width, 3, TRUE);
    }
  network_test_add_conv (network, "conv_hr", shape->width, shape->width, 3, TRUE);
  network_test_add_conv (network, "conv_last", RGB, shape->width, 3, TRUE);
  return network;
}
