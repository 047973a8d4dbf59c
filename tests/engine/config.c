/* Settings of models out of files that may be hostile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/config.h"

#include <math.h>

/* Settings */

static JsonObject *
settings (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *config = limn_config_parse (text, strlen (text), "test", &error);

  g_assert_no_error (error);
  return config;
}

static void
test_settings (void)
{
  g_autoptr (JsonObject) config = settings ("{\"i\":7,\"f\":8.0,\"d\":1e-5,\"s\":\"silu\",\"b\":true,\"n\":null,\"one\":8,"
                                            "\"many\":[5,10,20],\"names\":[\"a\",\"b\"]}");
  g_auto (GStrv) names = NULL, no_names = NULL;
  int         i, n, many[3];
  double      d;
  gboolean    b;
  const char *s;

  g_assert_true (limn_config_int (config, "i", 1, 0, 7, &i, NULL));
  g_assert_cmpint (i, ==, 7);
  g_assert_true (limn_config_int (config, "f", 1, 0, 10, &i, NULL));
  g_assert_cmpint (i, ==, 8);
  g_assert_true (limn_config_int (config, "n", 3, 0, 10, &i, NULL));
  g_assert_cmpint (i, ==, 3);
  g_assert_true (limn_config_double (config, "d", 1, 0, 1, &d, NULL));
  g_assert_cmpfloat (d, ==, 1e-5);
  g_assert_true (limn_config_double (config, "i", 1, 0, 10, &d, NULL));
  g_assert_cmpfloat (d, ==, 7);
  g_assert_true (limn_config_bool (config, "b", FALSE, &b, NULL) && b);
  g_assert_true (limn_config_string (config, "s", "gelu", &s, NULL));
  g_assert_cmpstr (s, ==, "silu");
  g_assert_true (limn_config_string (config, "missing", "gelu", &s, NULL));
  g_assert_cmpstr (s, ==, "gelu");
  g_assert_true (limn_config_int_array (config, "one", 1, 100, many, 3, &n, NULL) && n == 1 && many[0] == 8);
  g_assert_true (limn_config_int_array (config, "many", 1, 100, many, 3, &n, NULL) && n == 3 && many[2] == 20);
  g_assert_true (limn_config_int_array (config, "missing", 1, 100, many, 3, &n, NULL) && n == 0);
  g_assert_true (limn_config_string_array (config, "names", 2, &names, NULL));
  g_assert_cmpstr (names[1], ==, "b");
  g_assert_true (limn_config_string_array (config, "missing", 2, &no_names, NULL));
  g_assert_cmpuint (g_strv_length (no_names), ==, 0);
}

static void
assert_refused (gboolean accepted,
                GError **error)
{
  g_assert_false (accepted);
  g_assert_error (*error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
  g_assert_null (strchr ((*error)->message, '\n'));
  g_clear_error (error);
}

static void
test_hostile_settings (void)
{
  static const char *const numbers[] = { "-1",
                                         "1000000000",
                                         "1e9",
                                         "1e999",
                                         "2.5",
                                         "\"8\"",
                                         "true",
                                         "[8]",
                                         "{}",
                                         "99999999999999999999",
                                         "18446744073709551624" };
  g_autoptr (JsonObject) arrays = settings ("{\"long\":[1,2,3,4],\"deep\":[[1]],\"large\":[1,1000],\"mixed\":[\"a\",1]}");
  g_auto (GStrv) strings = NULL;
  g_autoptr (GError) error = NULL;
  int         i, n, many[3];
  double      d;
  const char *s;

  for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\":%s}", numbers[k]);
      g_autoptr (JsonObject) config = settings (text);

      assert_refused (limn_config_int (config, "x", 1, 1, 1024, &i, &error), &error);
      if (k != 4)
        assert_refused (limn_config_double (config, "x", 1, 1, 1024, &d, &error), &error);
      if (k != 5)
        assert_refused (limn_config_string (config, "x", NULL, &s, &error), &error);
      if (k != 6)
        assert_refused (limn_config_bool (config, "x", TRUE, &i, &error), &error);
    }
  assert_refused (limn_config_int_array (arrays, "long", 1, 100, many, 3, &n, &error), &error);
  assert_refused (limn_config_int_array (arrays, "deep", 1, 100, many, 3, &n, &error), &error);
  assert_refused (limn_config_int_array (arrays, "large", 1, 100, many, 3, &n, &error), &error);
  assert_refused (limn_config_string_array (arrays, "mixed", 3, &strings, &error), &error);
  assert_refused (limn_config_string_array (arrays, "long", 3, &strings, &error), &error);
}

static void
test_hostile_json (void)
{
  g_autofree char *bomb = g_strnfill (100000, '['), *large = g_strnfill ((1 << 20) + 1, ' ');
  const char      *texts[] = { "", "{", "[]", "7",
                               "{\"a\":1}x", "{\"a\":01}", "{'a':1}", "{\"a\":NaN}",
                               "{\"a\":1,}", "/* */{}", bomb, large };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_config_parse (texts[i], strlen (texts[i]), "test", &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/settings", test_settings);
  g_test_add_func ("/config/hostile-settings", test_hostile_settings);
  g_test_add_func ("/config/hostile-json", test_hostile_json);
  return g_test_run ();
}
