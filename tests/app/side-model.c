/* What is told about models that work beside a generator.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/side-model.h"

#include <json-glib/json-glib.h>

#include "tests/engine/network-test.h"
#include "tests/engine/weights-test.h"

typedef struct
{
  LimnEngine  *engine;
  NetworkTest *network;
  char        *folder;
} Place;

static void
set_up (Place        *place,
        gconstpointer data)
{
  const LimnEngineOptions options = { .threads = 1, .device = "cpu" };
  g_autoptr (GError) error = NULL;

  place->engine = limn_engine_new (&options, &error);
  g_assert_no_error (error);
  place->network = network_test_new (1);
  place->folder = weights_test_folder ();
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  limn_engine_free (place->engine);
  network_test_free (place->network);
  weights_test_remove (place->folder);
  g_free (place->folder);
}

static char *
describe (Place   *place,
          gboolean json)
{
  g_autofree char *path = network_test_write (place->network, place->folder, "some.safetensors", NULL);

  return limn_side_model_describe (place->engine, path, json);
}

static void
test_upscaler (Place        *place,
               gconstpointer data)
{
  g_autofree char *json = NULL, *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *facts;

  network_test_add_conv (place->network, "body.0", 5, 3, 3, TRUE);
  network_test_add_vector (place->network, "body.1.weight", 5);
  network_test_add_conv (place->network, "body.2", 12, 5, 3, TRUE);
  json = describe (place, TRUE);
  text = describe (place, FALSE);
  node = json_from_string (json, NULL);
  facts = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (facts, "name"), ==, "some");
  g_assert_cmpstr (json_object_get_string_member (facts, "family"), ==, "upscaler");
  g_assert_cmpstr (json_object_get_string_member (facts, "kind"), ==, "srvgg");
  g_assert_cmpstr (json_object_get_string_member (facts, "type"), ==, "f32");
  g_assert_cmpint (json_object_get_int_member (facts, "scale"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (facts, "parameters"), ==, 5 * 27 + 5 + 5 + 12 * 45 + 12);
  g_assert_cmpint (json_object_get_int_member (facts, "bytes"), >, 4 * (5 * 27 + 12 * 45));
  g_assert_nonnull (strstr (text, "upscaler (srvgg)"));
}

static void
test_tiny_vae (Place        *place,
               gconstpointer data)
{
  g_autofree char *json = NULL, *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *facts;

  network_test_add_conv (place->network, "decoder.layers.0", 6, 16, 3, TRUE);
  network_test_add_conv (place->network, "decoder.layers.3", 6, 6, 3, FALSE);
  network_test_add_conv (place->network, "decoder.layers.4", 3, 6, 3, TRUE);
  json = describe (place, TRUE);
  g_assert_null (json); /* an activation and an enlargement cannot follow each other without a block between */

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("decoder.layers.2.conv.%d", 2 * i);

      network_test_add_conv (place->network, name, 6, 6, 3, TRUE);
    }
  network_test_remove (place->network, "decoder.layers.3.weight");
  network_test_remove (place->network, "decoder.layers.4.weight");
  network_test_remove (place->network, "decoder.layers.4.bias");
  network_test_add_conv (place->network, "decoder.layers.4", 6, 6, 3, FALSE);
  network_test_add_conv (place->network, "decoder.layers.5", 3, 6, 3, TRUE);
  json = describe (place, TRUE);
  text = describe (place, FALSE);
  node = json_from_string (json, NULL);
  facts = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (facts, "family"), ==, "tiny-vae");
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (facts, "parts"), 0), ==, "decoder");
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (facts, "parts")), ==, 1);
  g_assert_cmpint (json_object_get_int_member (facts, "latent_channels"), ==, 16);
  g_assert_cmpint (json_object_get_int_member (facts, "latent_factor"), ==, 2);
  g_assert_nonnull (strstr (text, "16 channels"));
}

static void
test_others (Place        *place,
             gconstpointer data)
{
  g_autofree char *text = NULL;

  network_test_add_conv (place->network, "conv", 5, 3, 3, TRUE);
  text = describe (place, FALSE);
  g_assert_null (text);
  g_assert_null (limn_side_model_describe (place->engine, "/nowhere/at/all", TRUE));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/side-model/upscaler", Place, NULL, set_up, test_upscaler, tear_down);
  g_test_add ("/side-model/tiny-vae", Place, NULL, set_up, test_tiny_vae, tear_down);
  g_test_add ("/side-model/others", Place, NULL, set_up, test_others, tear_down);
  return g_test_run ();
}
