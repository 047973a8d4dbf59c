/* Fuzz target: settings in JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/config.h"
#include "tests/fuzz/fuzz.h"

/* Every kind of setting is asked of every member. */
static void
read_member (JsonObject *config,
             const char *name)
{
  GError *errors[6] = { NULL };
  g_auto (GStrv) texts = NULL;
  const char *text;
  int         number, numbers[4], n;
  double      real;
  gboolean    truth;

  fuzz_check_error (!limn_config_int (config, name, 1, -5, 5, &number, &errors[0]), &errors[0]);
  fuzz_check_error (!limn_config_double (config, name, 1, -5, 5, &real, &errors[1]), &errors[1]);
  fuzz_check_error (!limn_config_bool (config, name, FALSE, &truth, &errors[2]), &errors[2]);
  fuzz_check_error (!limn_config_string (config, name, NULL, &text, &errors[3]), &errors[3]);
  fuzz_check_error (!limn_config_int_array (config, name, 0, G_MAXINT, numbers, 4, &n, &errors[4]), &errors[4]);
  fuzz_check_error (!limn_config_string_array (config, name, 4, &texts, &errors[5]), &errors[5]);
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    g_clear_error (&errors[i]);
}

static gboolean
run (const guint8 *data,
     gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) config = limn_config_parse ((const char *) data, size, "fuzz", &error);
  g_autoptr (GList) names = NULL;

  fuzz_check_error (config == NULL, &error);
  if (config == NULL)
    return FALSE;
  names = json_object_get_members (config);
  for (GList *name = names; name != NULL; name = name->next)
    read_member (config, name->data);
  read_member (config, "missing");
  return TRUE;
}

static const FuzzSeed seeds[] = {
  { "unet",
    "{\"_class_name\": \"UNet2DConditionModel\", \"attention_head_dim\": [5, 10, 20], \"act_fn\": \"silu\", \"center_input_sample\": false, "
    "\"block_out_channels\": [320, 640], \"norm_eps\": 1e-05, \"class_embed_type\": null, \"down_block_types\": [\"DownBlock2D\"]}",
    0 },
  { "values", "{\"a\": [[], {}], \"b\": -1.5e+3, \"c\": \"\\ud83d\\ude00\\n\", \"d\": 9223372036854775807, \"e\": {\"f\": {\"g\": true}}, \"\": 0}", 0 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "config", seeds, run };
