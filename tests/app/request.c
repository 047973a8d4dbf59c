/* Requests: JSON in and out, and what is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request.h"

#include <string.h>

static void
test_round_trip (void)
{
  const char *text = "{\"prompt\": \"a \\\"b\\\"\\n\\u0001🍎\", \"negative_prompt\": \"\", \"seed\": "
                     "9223372036854775807, \"steps\": 20, \"sampler\": \"ddim\", "
                     "\"schedule\": \"normal\", \"guidance\": 0.1, \"width\": 512, \"height\": 768, "
                     "\"model\": \"m\", \"model_hash\": \"h\", \"image\": \"i.png\", "
                     "\"mask\": \"k.png\", \"strength\": 0.6, \"clip_skip\": 2, \"type\": \"f32\"}";
  g_auto (LimnRequest) request;
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autoptr (GError) error = NULL;

  limn_request_init (&request);
  limn_request_parse (&request, text, -1, "test", &error);
  g_assert_no_error (error);

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (&request, &writer);
  limn_json_writer_close (&writer, '}');
  g_assert_cmpstr (writer.text->str, ==, text);
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "",
    "[]",
    "null",
    "{",
    "{\"prompt\": 1}",
    "{\"steps\": \"20\"}",
    "{\"steps\": 0}",
    "{\"steps\": 2.5}",
    "{\"seed\": -2}",
    "{\"guidance\": -1}",
    "{\"strength\": 1.5}",
    "{\"width\": 100000}",
    "{\"promt\": \"x\"}",
    "{\"loras\": 3}",
    "{\"loras\": [\"x\"]}",
    "{\"loras\": [{\"name\": 1}]}",
    "{\"loras\": [{\"weight\": 1}]}",
    "{\"loras\": [{\"name\": \"x\"}, {\"name\": \"y\", \"weight\": 1e999}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (LimnRequest) request;
      g_autoptr (GError) error = NULL;

      limn_request_init (&request);
      g_assert_false (limn_request_parse (&request, bad[i], -1, "test", &error));
      g_assert_nonnull (error);
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_facts_are_passed_over (void)
{
  g_auto (LimnRequest) request;
  g_autoptr (GError) error = NULL;

  limn_request_init (&request);
  limn_request_parse (&request,
                      "{\"dialect\": \"sdcpp\", \"raw\": \"x\", \"distilled_guidance\": 3.5, "
                      "\"loras\": [], \"seed\": -1, \"steps\": null}",
                      -1, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpint (request.seed, ==, -1);
}

static void
test_words (void)
{
  static const struct
  {
    const char *key, *text;
    int         code; /* -1: taken */
  } cases[] = {
    { "steps", "20", -1 },
    { "steps", "12abc", LIMN_APP_ERROR_USAGE },
    { "steps", "0", LIMN_APP_ERROR_RANGE },
    { "steps", "-5", LIMN_APP_ERROR_RANGE },
    { "guidance", "nan", LIMN_APP_ERROR_USAGE },
    { "guidance", "-1", LIMN_APP_ERROR_RANGE },
    { "strength", "0.5", -1 },
    { "strength", "2", LIMN_APP_ERROR_RANGE },
    { "seed", "99999999999999999999", LIMN_APP_ERROR_USAGE },
    { "prompt", "\xff", LIMN_APP_ERROR_USAGE },
    { "prompt", "", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LimnRequest) request;
      g_autoptr (GError) error = NULL;

      limn_request_init (&request);
      g_assert_cmpint (limn_request_set (&request, cases[i].key, cases[i].text, &error), ==,
                       cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, LIMN_APP_ERROR, cases[i].code);
    }
}

static void
test_loras (void)
{
  static const struct
  {
    const char *text, *name;
    double      weight;
    int         code; /* -1: taken */
  } cases[] = {
    { "a.safetensors", "a.safetensors", 1, -1 },
    { "a.safetensors:0.8", "a.safetensors", 0.8, -1 },
    { "b:c/a:-1", "b:c/a", -1, -1 },
    { "a:b", "a:b", 1, -1 },
    { "a:", "a:", 1, -1 },
    { "a:101", NULL, 0, LIMN_APP_ERROR_RANGE },
    { ":1", NULL, 0, LIMN_APP_ERROR_USAGE },
    { "", NULL, 0, LIMN_APP_ERROR_USAGE },
    { "\xff", NULL, 0, LIMN_APP_ERROR_USAGE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LimnRequest) request;
      g_autoptr (GError) error = NULL;
      const LimnLora *lora;

      limn_request_init (&request);
      g_assert_cmpint (limn_request_add_lora (&request, cases[i].text, &error), ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, LIMN_APP_ERROR, cases[i].code);
          continue;
        }
      lora = request.loras->pdata[0];
      g_assert_cmpstr (lora->name, ==, cases[i].name);
      g_assert_cmpfloat (lora->weight, ==, cases[i].weight);
    }
}

static void
test_loras_round_trip (void)
{
  g_auto (LimnRequest) request, again;
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autoptr (GError) error = NULL;

  limn_request_init (&request);
  limn_request_init (&again);
  g_assert_true (limn_request_add_lora (&request, "a, \"b\".safetensors:-0.5", NULL));
  g_assert_true (limn_request_add_lora (&request, "c", NULL));
  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (&request, &writer);
  limn_json_writer_close (&writer, '}');
  g_assert_true (limn_request_parse (&again, writer.text->str, -1, "test", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (again.loras->len, ==, 2);
  g_assert_cmpstr (((LimnLora *) again.loras->pdata[0])->name, ==, "a, \"b\".safetensors");
  g_assert_cmpfloat (((LimnLora *) again.loras->pdata[0])->weight, ==, -0.5);
  g_assert_cmpfloat (((LimnLora *) again.loras->pdata[1])->weight, ==, 1);
}

static void
assert_control (const LimnRequest *request,
                guint              i,
                const char        *kind,
                const char        *model,
                const char        *picture,
                double             weight,
                double             begin,
                double             end)
{
  const LimnRequestControl *control = request->controls->pdata[i];

  g_assert_cmpstr (control->kind, ==, kind);
  g_assert_cmpstr (control->model, ==, model);
  g_assert_cmpstr (control->picture, ==, picture);
  g_assert_cmpfloat (control->weight, ==, weight);
  g_assert_cmpfloat (control->begin, ==, begin);
  g_assert_cmpfloat (control->end, ==, end);
}

/* ControlNets and parts as they are typed, and through JSON. */
static void
test_controls (void)
{
  static const char *const typed[] = { "canny:a.png", "line=net:b:c.png:0.5", "depth=/m/net:d.png:1.5:0.25-0.75", "pose:p-q.png:0-0.5" };
  static const char *const wrong[] = { "canny", "canny:", ":a.png", "canny:a.png:99", "canny:a.png:1:0.9-0.1" };
  g_auto (LimnRequest) request = { 0 }, again = { 0 };
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autoptr (GError) error = NULL;

  limn_request_init (&request);
  limn_request_init (&again);
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    g_assert_true (limn_request_add_control (&request, typed[i], NULL));
  g_assert_true (limn_request_add_part (&request, "vae=old", NULL));
  g_assert_true (limn_request_add_part (&request, "text-encoder-2=e=f", NULL));
  g_assert_true (limn_request_add_part (&request, "vae=new", NULL));
  g_assert_false (limn_request_add_part (&request, "nose=x", NULL));

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (&request, &writer);
  limn_json_writer_close (&writer, '}');
  limn_request_parse (&again, writer.text->str, -1, "again", &error);
  g_assert_no_error (error);
  assert_control (&again, 0, "canny", NULL, "a.png", 1, 0, 1);
  assert_control (&again, 1, "line", "net", "b:c.png", 0.5, 0, 1);
  assert_control (&again, 2, "depth", "/m/net", "d.png", 1.5, 0.25, 0.75);
  assert_control (&again, 3, "pose", NULL, "p-q.png", 1, 0, 0.5);
  g_assert_cmpint (again.parts->len, ==, 2);
  g_assert_cmpstr (((LimnRequestPart *) again.parts->pdata[1])->file, ==, "new");

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (limn_request_add_control (&again, wrong[i], NULL));
  g_assert_false (limn_request_parse (&again, "{\"controls\": [{\"kind\": \"canny\"}]}", -1, "wrong", NULL));
  g_assert_false (limn_request_parse (&again, "{\"parts\": [{\"part\": \"nose\", \"file\": \"x\"}]}", -1, "wrong", NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/round-trip", test_round_trip);
  g_test_add_func ("/request/refused", test_refused);
  g_test_add_func ("/request/facts-are-passed-over", test_facts_are_passed_over);
  g_test_add_func ("/request/words", test_words);
  g_test_add_func ("/request/loras", test_loras);
  g_test_add_func ("/request/loras-round-trip", test_loras_round_trip);
  g_test_add_func ("/request/controls", test_controls);
  return g_test_run ();
}
