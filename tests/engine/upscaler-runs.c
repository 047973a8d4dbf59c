/* Upscalers: the spellings of their names, tiles, progress, and what is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/upscaler-test.h"
#include "tests/engine/weights-test.h"

#include <stdio.h>

static const UpscalerRrdb small_rrdb = { 2, 4, 3, 1, 2 };

static double
difference (const LimnArray *got,
            const LimnArray *want)
{
  g_autoptr (NaiveImage) exact = naive_from_array (want, 0);

  g_assert_true (limn_shape_equal (got->shape, want->shape));
  return naive_nmse (got, 0, exact);
}

/* --- names --- */

static char *
spell_wrapped (const char *name)
{
  return g_strconcat ("params_ema.", name, NULL);
}

/* "body.0.rdb1.conv1.weight" → "@before 0 RDB1.conv1 @after .weight" */
static char *
spell_block (const char *name,
             const char *before,
             const char *after)
{
  int block, dense, layer, end = 0;

  if (sscanf (name, "body.%d.rdb%d.conv%d%n", &block, &dense, &layer, &end) != 3)
    return NULL;
  return g_strdup_printf ("%s%d.RDB%d.conv%d%s%s", before, block, dense, layer, after, name + end);
}

static char *
spell_other (const char *name,
             const char *const (*pairs)[2])
{
  for (int i = 0; pairs[i][0] != NULL; i++)
    if (g_str_has_prefix (name, pairs[i][0]))
      return g_strconcat (pairs[i][1], name + strlen (pairs[i][0]), NULL);
  return g_strdup (name);
}

static char *
spell_trunk (const char *name)
{
  static const char *const pairs[][2] = {
    { "conv_body", "trunk_conv" }, { "conv_up", "upconv" }, { "conv_hr", "HRconv" }, { NULL, NULL }
  };
  char *block = spell_block (name, "RRDB_trunk.", "");

  return block != NULL ? block : spell_other (name, pairs);
}

static char *
spell_sequence (const char *name)
{
  static const char *const pairs[][2] = {
    { "conv_first", "model.0" }, { "conv_body", "model.1.sub.2" }, { "conv_up1", "model.3" }, { "conv_up2", "model.6" }, { "conv_hr", "model.8" }, { "conv_last", "model.10" }, { NULL, NULL }
  };
  char *block = spell_block (name, "model.1.sub.", ".0");

  return block != NULL ? block : spell_other (name, pairs);
}

static void
test_spellings (void)
{
  static const NetworkTestSpell spellings[] = { spell_wrapped, spell_trunk, spell_sequence };
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) network = upscaler_test_rrdb (&small_rrdb);
  g_autoptr (LimnArray) picture = network_test_random ((LimnShape){ 1, 6, 9, RGB }, 4, 0, 1);
  g_autoptr (LimnUpscaler) modern = NULL;
  g_autoptr (LimnArray) want = NULL;

  upscaler_place_init (&place);
  modern = upscaler_test_open (&place, network, NULL);
  want = upscaler_test_run (modern, picture, 0);
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (LimnUpscaler) upscaler = upscaler_test_open (&place, network, spellings[i]);
      g_autoptr (LimnArray) large = upscaler_test_run (upscaler, picture, 0);

      g_assert_cmpint (limn_upscaler_scale (upscaler), ==, 4);
      g_assert_cmpfloat (difference (large, want), ==, 0);
    }
}

/* The first release numbers its layers by how often it enlarges. */
static char *
spell_doubled_once (const char *name)
{
  static const char *const pairs[][2] = {
    { "conv_first", "model.0" }, { "conv_body", "model.1.sub.1" }, { "conv_up1", "model.3" }, { "conv_hr", "model.5" }, { "conv_last", "model.7" }, { NULL, NULL }
  };
  char *block = spell_block (name, "model.1.sub.", ".0");

  return block != NULL ? block : spell_other (name, pairs);
}

static void
test_first_release_twice (void)
{
  const UpscalerRrdb shape = { 1, 4, 3, 1, 1 };
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) network = upscaler_test_rrdb (&shape);
  g_autoptr (LimnUpscaler) upscaler = NULL;

  upscaler_place_init (&place);
  upscaler = upscaler_test_open (&place, network, spell_doubled_once);
  g_assert_cmpstr (limn_upscaler_info (upscaler)->type, ==, "f32");
  g_assert_cmpuint (limn_upscaler_info (upscaler)->parameters, >, 5000);
  g_assert_cmpint (limn_upscaler_scale (upscaler), ==, 2);
  g_assert_cmpint (limn_upscaler_facts (upscaler)->blocks, ==, 1);
}

/* --- tiles --- */

static void
check_tiles (const UpscalerPlace *place,
             const NetworkTest   *network,
             int                  side,
             double               limit)
{
  g_autoptr (LimnUpscaler) upscaler = upscaler_test_open (place, network, NULL);
  g_autoptr (LimnArray) picture = network_test_random ((LimnShape){ 1, 117, 151, RGB }, 6, 0, 1);
  g_autoptr (LimnArray) whole = upscaler_test_run (upscaler, picture, 151);
  g_autoptr (LimnArray) tiled = upscaler_test_run (upscaler, picture, side);

  g_assert_cmpfloat (difference (tiled, whole), <, limit);
}

static void
test_tiles_change_nothing (void)
{
  static const UpscalerRrdb one = { 1, 4, 3, 1, 1 }, squares = { 1, 4, 3, 2, 2 };
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) srvgg = upscaler_test_srvgg (5, 6, 2), rrdb = upscaler_test_rrdb (&one), halved = upscaler_test_rrdb (&squares);

  upscaler_place_init (&place);
  check_tiles (&place, srvgg, 29, 1e-12);
  check_tiles (&place, srvgg, 64, 1e-12);
  check_tiles (&place, rrdb, 70, 1e-12);
  check_tiles (&place, halved, 101, 1e-12);
}

/* What a network of many blocks sees from far away counts little, but not nothing. */
static void
test_tiles_blend (void)
{
  static const UpscalerRrdb deep = { 5, 4, 3, 1, 1 };
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) network = upscaler_test_rrdb (&deep);

  upscaler_place_init (&place);
  check_tiles (&place, network, 64, 1e-6);
}

/* --- progress --- */

typedef struct
{
  int calls, steps, stop_at;
} Told;

static gboolean
count_calls (const LimnProgress *progress,
             gpointer            data)
{
  Told *told = data;

  g_assert_cmpstr (progress->stage, ==, "enlarge");
  g_assert_cmpint (progress->step, ==, told->calls);
  told->steps = progress->steps;
  return told->calls++ != told->stop_at;
}

static void
test_progress (void)
{
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) network = upscaler_test_srvgg (3, 4, 2);
  g_autoptr (LimnArray) picture = network_test_random ((LimnShape){ 1, 40, 50, RGB }, 6, 0, 1);
  g_autoptr (LimnUpscaler) upscaler = NULL;
  g_autoptr (LimnArray) large = NULL;
  g_autoptr (LimnArray) stopped = NULL;
  g_autoptr (GError) error = NULL;
  Told all = { .stop_at = -1 }, some = { .stop_at = 2 };

  upscaler_place_init (&place);
  upscaler = upscaler_test_open (&place, network, NULL);
  large = limn_upscaler_run_tiled (upscaler, picture, 24, count_calls, &all, &error);
  g_assert_no_error (error);
  g_assert_cmpint (all.steps, >, 3);
  g_assert_cmpint (all.calls, ==, all.steps + 1);
  stopped = limn_upscaler_run_tiled (upscaler, picture, 24, count_calls, &some, &error);
  g_assert_null (stopped);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  g_assert_cmpint (some.calls, ==, 3);
}

/* --- refusals --- */

static void
check_refused (const UpscalerPlace *place,
               const NetworkTest   *network)
{
  g_autofree char *path = network_test_write (network, place->folder, "network.safetensors", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_upscaler_open (place->engine, path, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_UNSUPPORTED);
}

static void
test_refuses_other_networks (void)
{
  static const UpscalerRrdb half = { 1, 4, 3, 4, 1 }; /* would make pictures smaller */
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) nothing = network_test_new (1), less = upscaler_test_rrdb (&small_rrdb), more = upscaler_test_rrdb (&small_rrdb);
  g_autoptr (NetworkTest) shrinking = upscaler_test_rrdb (&half), gap = upscaler_test_srvgg (4, 5, 2), odd = network_test_new (2);

  upscaler_place_init (&place);
  network_test_add_conv (nothing, "model.diffusion_model.input_blocks.0.0", 3, 3, 3, TRUE);
  network_test_remove (less, "body.1.rdb2.conv3.bias");
  network_test_add_conv (more, "body.0.rdb1.conv1x1", 3, 4, 1, FALSE); /* a known variant, another function */
  network_test_remove (gap, "body.3.weight");
  network_test_add_conv (odd, "body.0", 5, 3, 3, TRUE);
  network_test_add_vector (odd, "body.1.weight", 5);
  network_test_add_conv (odd, "body.2", 13, 5, 3, TRUE); /* squares of no size */
  check_refused (&place, nothing);
  check_refused (&place, less);
  check_refused (&place, more);
  check_refused (&place, shrinking);
  check_refused (&place, gap);
  check_refused (&place, odd);
}

static void
test_refuses_other_pictures (void)
{
  static const LimnShape wrong[] = { { 1, 4, 4, 4 }, { 2, 4, 4, 3 }, { 1, 0, 4, 3 }, { 1, 1, 40000, 3 } };
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) network = upscaler_test_srvgg (3, 4, 2);
  g_autoptr (LimnUpscaler) upscaler = NULL;

  upscaler_place_init (&place);
  upscaler = upscaler_test_open (&place, network, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (LimnArray) picture = limn_array_new (wrong[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_upscaler_run (upscaler, picture, NULL, NULL, &error));
      weights_test_one_line (error, LIMN_ENGINE_ERROR_ARGUMENT);
    }
}

/* Layers that do not fit each other are found when the network is first run. */
static void
test_refuses_layers_that_do_not_fit (void)
{
  g_auto (UpscalerPlace) place = { 0 };
  g_autoptr (NetworkTest) network = network_test_new (1);
  g_autoptr (LimnArray) picture = limn_array_new ((LimnShape){ 1, 4, 4, RGB });
  g_autoptr (LimnUpscaler) upscaler = NULL;
  g_autoptr (GError) error = NULL;

  upscaler_place_init (&place);
  network_test_add_conv (network, "body.0", 5, 3, 3, TRUE);
  network_test_add_vector (network, "body.1.weight", 4);
  network_test_add_conv (network, "body.2", 12, 5, 3, TRUE);
  upscaler = upscaler_test_open (&place, network, NULL);
  g_assert_null (limn_upscaler_run (upscaler, picture, NULL, NULL, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_SHAPE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/upscaler/spellings", test_spellings);
  g_test_add_func ("/upscaler/first-release-twice", test_first_release_twice);
  g_test_add_func ("/upscaler/tiles-change-nothing", test_tiles_change_nothing);
  g_test_add_func ("/upscaler/tiles-blend", test_tiles_blend);
  g_test_add_func ("/upscaler/progress", test_progress);
  g_test_add_func ("/upscaler/refuses-other-networks", test_refuses_other_networks);
  g_test_add_func ("/upscaler/refuses-other-pictures", test_refuses_other_pictures);
  g_test_add_func ("/upscaler/refuses-layers-that-do-not-fit", test_refuses_layers_that_do_not_fit);
  return g_test_run ();
}
