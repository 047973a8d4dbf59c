/* AUTOMATIC1111's parameters: texts of other programs, and what must not be taken for settings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/parameters.h"

#include <string.h>

typedef struct
{
  GPtrArray *settings;
  char      *prompt, *negative;
} Parsed;

static void
parsed_clear (Parsed *parsed)
{
  g_ptr_array_unref (parsed->settings);
  g_free (parsed->prompt);
  g_free (parsed->negative);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parsed, parsed_clear)

static Parsed
parse (const char *text)
{
  Parsed parsed;

  parsed.settings = limn_parameters_parse (text, &parsed.prompt, &parsed.negative);
  return parsed;
}

static void
test_webui (void)
{
  g_auto (Parsed) parsed = parse ("a cat, (sleeping:1.2)\non a sofa\nNegative prompt: dog,\nrain\n"
                                  "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 5, Size: 512x768, Model hash: 6ce0161689, "
                                  "Model: v1-5, Lora hashes: \"a: 0123, b \\\"c\\\": 4567\", Version: v1.9.4");

  g_assert_cmpstr (parsed.prompt, ==, "a cat, (sleeping:1.2)\non a sofa");
  g_assert_cmpstr (parsed.negative, ==, "dog,\nrain");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Steps"), ==, "20");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Schedule type"), ==, "Karras");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Lora hashes"), ==,
                   "a: 0123, b \"c\": 4567");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Version"), ==, "v1.9.4");
  g_assert_cmpuint (parsed.settings->len, ==, 10);
}

static void
test_few_settings_are_prompt (void)
{
  g_auto (Parsed) parsed = parse ("a sign\nSteps: 20, Seed: 1");

  g_assert_cmpstr (parsed.prompt, ==, "a sign\nSteps: 20, Seed: 1");
  g_assert_null (parsed.negative);
  g_assert_cmpuint (parsed.settings->len, ==, 0);
}

static void
test_settings_alone (void)
{
  g_auto (Parsed) parsed = parse ("\nSteps: 20, Seed: 1, Size: 64x64");

  g_assert_cmpstr (parsed.prompt, ==, "");
  g_assert_cmpuint (parsed.settings->len, ==, 3);
}

static void
test_sdcpp_suffix (void)
{
  g_auto (Parsed) parsed = parse ("x\nSteps: 4, Seed: 42, Model: , Version: stable-diffusion.cpp, SDCPP: "
                                  "{\"seed\":7,\"Seed: \":\"Steps: 9, a\"}");

  g_assert_cmpstr (parsed.prompt, ==, "x");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Seed"), ==, "42");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Version"), ==, "stable-diffusion.cpp");
  g_assert_null (limn_parameters_find (parsed.settings, "Model"));
}

static void
test_broken_quotes (void)
{
  g_auto (Parsed) parsed = parse ("x\nSteps: 4, TI: \"unclosed, Seed: 42, Note: \"a\"b, Size: 8x8, Last: \"\\\"");

  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Seed"), ==, "42");
  g_assert_cmpstr (limn_parameters_find (parsed.settings, "Size"), ==, "8x8");
}

/* Hostile texts end soon and without a crash. */
static void
test_hostile (void)
{
  static const char *const pieces[] = { "a", "a: ", "a:\"", "\"", "::::",
                                        ",", "a b-c/d ", "\\", "é中" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      GString         *text = g_string_new (NULL);
      g_autofree char *hostile = NULL;

      while (text->len < 60000)
        g_string_append (text, pieces[i]);
      hostile = g_string_free (text, FALSE);

      {
        g_auto (Parsed) parsed = parse (hostile);

        g_assert_true (g_utf8_validate (parsed.prompt, -1, NULL));
      }
    }
}

static void
test_format (void)
{
  g_auto (LimnRequest) request;
  g_autofree char *text = NULL;

  limn_request_init (&request);
  request.prompt = g_strdup ("a cat");
  request.negative = g_strdup ("a dog");
  request.steps = 20;
  request.sampler = g_strdup ("euler_a");
  request.schedule = g_strdup ("karras");
  request.guidance = 7;
  request.seed = 1;
  request.width = 512;
  request.height = 768;
  request.model = g_strdup ("odd, name: 1");
  request.model_hash = g_strdup ("0123456789");
  g_assert_true (limn_request_add_lora (&request, "folder/ink.safetensors:0.8", NULL));
  text = limn_parameters_format (&request, "limn 1");

  g_assert_cmpstr (text, ==,
                   "a cat <lora:ink:0.8>\nNegative prompt: a dog\nSteps: 20, Sampler: Euler a, Schedule type: "
                   "Karras, CFG scale: 7, Seed: 1, Size: 512x768, Model hash: 0123456789, "
                   "Model: \"odd, name: 1\", Version: limn 1");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parameters/webui", test_webui);
  g_test_add_func ("/parameters/few-settings-are-prompt", test_few_settings_are_prompt);
  g_test_add_func ("/parameters/settings-alone", test_settings_alone);
  g_test_add_func ("/parameters/sdcpp-suffix", test_sdcpp_suffix);
  g_test_add_func ("/parameters/broken-quotes", test_broken_quotes);
  g_test_add_func ("/parameters/hostile", test_hostile);
  g_test_add_func ("/parameters/format", test_format);
  return g_test_run ();
}
