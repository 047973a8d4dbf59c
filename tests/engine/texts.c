/* The prompt language in a generation: a tiny model of a published family, and the model that comes with the program.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/chunks.h"
#include "engine/texts.h"

#include <math.h>

#define STEPS 4
#define TOKENS LIMN_CHUNK_LENGTH

/* Normalised mean squared errors: of the same numbers summed in another order, and of what words change in so small a model, some in its
 * last step only. */
#define SAME 1e-12
#define DIFFERENT 1e-11

typedef struct
{
  LimnEngine *engine;
  LimnModel  *model; /* nullable: it is not there */
} Fixture;

static char *
shared_path (const char *first,
             const char *second,
             const char *third)
{
  const char      *shared = g_getenv ("LIMN_SHARED"), *data = g_getenv ("LIMN_TEST_DATA");
  g_autofree char *place = shared != NULL ? g_strdup (shared) : g_build_filename (data, "..", "..", "shared", NULL);

  return g_build_filename (place, first, second, third, NULL);
}

static void
set_up_engine (Fixture *fixture)
{
  LimnEngineOptions options = { .type = "f32", .device = "cpu" };
  g_autoptr (GError) error = NULL;

  fixture->engine = limn_engine_new (&options, &error);
  g_assert_no_error (error);
}

static void
set_up_clip (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *path = shared_path ("goldens", data != NULL ? data : "sd15", "model"),
                  *tokenizer = shared_path ("weights", "tokenizers", "clip");
  g_autoptr (GError) error = NULL;

  set_up_engine (fixture);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR) || !g_file_test (tokenizer, G_FILE_TEST_IS_DIR))
    return;
  fixture->model = limn_model_open (fixture->engine, path, NULL, &error);
  g_assert_no_error (error);
  limn_model_set_tokenizer (fixture->model, tokenizer, &error);
  g_assert_no_error (error);
}

static void
set_up_starter (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  g_autoptr (GError) error = NULL;

  set_up_engine (fixture);
  fixture->model = limn_model_open (fixture->engine, path, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_pointer (&fixture->model, limn_model_free);
  limn_engine_free (fixture->engine);
}

static gboolean
lacks_model (const Fixture *fixture)
{
  if (fixture->model == NULL)
    g_test_skip ("reference models are not there; set LIMN_SHARED");
  return fixture->model == NULL;
}

static LimnGeneration
generation_of (const char *prompt,
               const char *negative)
{
  static const LimnGenerationParts latent_only = { .latent_only = TRUE };

  return (LimnGeneration){ .prompt = prompt, .negative = negative, .width = 64, .height = 64, .steps = STEPS, .guidance = 5, .strength = -1, .seed = 3, .sampler = "euler", .parts = &latent_only };
}

static LimnResult *
make (Fixture        *fixture,
      LimnGeneration *generation)
{
  g_autoptr (GError) error = NULL;
  LimnResult *result = limn_generate (fixture->model, generation, TRUE, NULL, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static LimnResult *
make_prompt (Fixture    *fixture,
             const char *prompt,
             const char *negative)
{
  LimnGeneration generation = generation_of (prompt, negative);

  return make (fixture, &generation);
}

static const LimnArray *
dumped (const LimnResult *result,
        const char       *name)
{
  const LimnArray *array = g_hash_table_lookup (result->dump, name);

  g_assert_nonnull (array);
  return array;
}

static double
nmse (const LimnArray *a,
      const LimnArray *b)
{
  double error = 0, sum = 0;

  g_assert_true (limn_shape_equal (a->shape, b->shape));
  for (gsize i = 0; i < limn_shape_elements (a->shape); i++)
    {
      error += ((double) a->data[i] - b->data[i]) * ((double) a->data[i] - b->data[i]);
      sum += (double) b->data[i] * b->data[i];
    }
  return error / sum;
}

static double
latents_apart (const LimnResult *a,
               const LimnResult *b)
{
  return nmse (dumped (a, "latent"), dumped (b, "latent"));
}

/* --- one text ---------------------------------------------------------------------------------------------------- */

/* Prompts that say the same in two ways. */
static void
test_same (Fixture      *fixture,
           gconstpointer data)
{
  static const struct
  {
    const char *a, *b;
  } cases[] = {
    { "a (cat:1.0)", "a cat" },
    { "a [cat:dog:0]", "a dog" },
    { "a [cat:dog:1.0]", "a cat" },
    { "[a cat|a cat]", "a cat" },
    { "a cat<lora:ink:0.8>", "a cat" },
    { "a \\(cat\\)", "a \\( cat \\)" },
    { "a cat AND a cat :0", "a cat" },
    { "a cat :0.25 AND a cat:.75", "a cat" },
    { "a dog AND a cat", "a cat AND a dog" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases) && !lacks_model (fixture); i++)
    {
      g_autoptr (LimnResult) a = make_prompt (fixture, cases[i].a, "blurry"), b = make_prompt (fixture, cases[i].b, "blurry");

      g_test_message ("%s", cases[i].a);
      g_assert_cmpfloat (latents_apart (a, b), <, SAME);
    }
}

/* Prompts that do not say the same. */
static void
test_differs (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const prompts[] = { "a cat", "a (cat)", "a [cat]", "a [cat:dog:0.5]", "a [cat|dog]", "a cat AND a dog", "a cat BREAK a dog", "a cat :0.5" };

  if (lacks_model (fixture))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (prompts); i++)
    for (guint k = 0; k < i; k++)
      {
        g_autoptr (LimnResult) a = make_prompt (fixture, prompts[i], ""), b = make_prompt (fixture, prompts[k], "");

        g_test_message ("%s, %s", prompts[i], prompts[k]);
        g_assert_cmpfloat (latents_apart (a, b), >, DIFFERENT);
      }
}

/* What the generator is told: the plain text's numbers, weighted. */
static void
test_weighted (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (LimnResult) plain = NULL, weighted = NULL;
  g_autoptr (LimnArray) want = NULL;
  float weights[TOKENS];

  if (lacks_model (fixture))
    return;
  plain = make_prompt (fixture, "a cat sits", "");
  weighted = make_prompt (fixture, "a (cat:1.5) sits", "");
  for (int i = 0; i < TOKENS; i++)
    weights[i] = i == 2 ? 1.5f : 1;
  want = limn_array_copy (dumped (plain, "text"));
  limn_chunk_apply_weights (want->data, TOKENS, want->shape.c, weights);
  g_assert_cmpfloat (nmse (dumped (weighted, "text"), want), <, SAME);
  g_assert_cmpfloat (nmse (dumped (weighted, "text"), dumped (plain, "text")), >, DIFFERENT);
}

/* --- chunks ------------------------------------------------------------------------------------------------------ */

static void
assert_rows (const LimnArray *array,
             int              row,
             int              from,
             const LimnArray *want,
             int              want_row)
{
  gsize channels = array->shape.c, n = TOKENS * channels * sizeof (float);

  g_assert_cmpmem (array->data + ((gsize) row * array->shape.w + from) * channels, n, want->data + (gsize) want_row * want->shape.w * channels, n);
}

/* Each chunk is encoded by itself; the negative prompt is filled up with an empty one. */
static void
test_chunks (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (LimnResult) first = NULL, both = NULL;
  const LimnArray *text;

  if (lacks_model (fixture))
    return;
  first = make_prompt (fixture, "a cat", "");
  both = make_prompt (fixture, "a cat BREAK a cat", "a cat");
  text = dumped (both, "text");
  g_assert_cmpint (text->shape.n, ==, 2);
  g_assert_cmpint (text->shape.w, ==, 2 * TOKENS);
  g_assert_cmpint (dumped (both, "tokens")->shape.w, ==, 2 * TOKENS);
  assert_rows (text, 0, 0, dumped (first, "text"), 0);
  assert_rows (text, 0, TOKENS, dumped (first, "text"), 0);
  assert_rows (text, 1, 0, dumped (first, "text"), 0);
  assert_rows (text, 1, TOKENS, dumped (first, "text"), 1);
}

static void
test_long (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GString) prompt = g_string_new (NULL);
  g_autoptr (LimnResult) result = NULL, negative = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append (prompt, "cat ");
  if (lacks_model (fixture))
    return;
  result = make_prompt (fixture, prompt->str, "");
  g_assert_cmpint (dumped (result, "text")->shape.w, ==, 2 * TOKENS);
  negative = make_prompt (fixture, "", prompt->str);
  g_assert_cmpint (dumped (negative, "text")->shape.w, ==, 2 * TOKENS);
  g_assert_cmpfloat (latents_apart (result, negative), >, DIFFERENT);
}

static void
test_pooled (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (LimnTexts) one = NULL, two = NULL;
  LimnGeneration generation = generation_of ("a cat", ""), longer = generation_of ("(a cat:1.5) BREAK a dog", "");
  g_autoptr (GError) error = NULL;

  if (lacks_model (fixture))
    return;
  generation.clip_skip = longer.clip_skip = 1;
  one = limn_texts_new (fixture->model, &generation, STEPS, &error);
  g_assert_no_error (error);
  two = limn_texts_new (fixture->model, &longer, STEPS, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (nmse (limn_texts_at (two, 0)[0]->pooled, limn_texts_at (one, 0)[0]->pooled), ==, 0);
  g_assert_cmpint (limn_texts_at (two, 0)[1]->embedding->shape.w, ==, 2 * TOKENS);
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

static void
test_calls (Fixture      *fixture,
            gconstpointer data)
{
  LimnGeneration generation = generation_of ("a [cat|dog] AND [x:y:0.5]:2", "[p::2]");
  g_autoptr (LimnTexts) texts = NULL;
  g_autoptr (GError) error = NULL;

  if (lacks_model (fixture))
    return;
  generation.clip_skip = 1;
  texts = limn_texts_new (fixture->model, &generation, STEPS, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_texts_samples (texts), ==, 3);
  for (int call = 0; call < STEPS; call++)
    {
      const LimnText **now = limn_texts_at (texts, call), **before = limn_texts_at (texts, MAX (0, call - 1));

      g_assert_true ((now[0] != before[0]) == (call >= 2));
      g_assert_true ((now[1] != before[1]) == (call == 3));
      g_assert_true ((now[2] != before[2]) == (call == 3));
    }
  g_assert_true (limn_texts_at (texts, 1)[0] == limn_texts_at (texts, 3)[0]); /* each text once */
}

/* n + g · (2 (a - n) - (b - n)) */
static void
test_combine (Fixture      *fixture,
              gconstpointer data)
{
  LimnGeneration generation = generation_of ("a :2 AND b :-1", "");
  const float    predicted[] = { 3, 5, 1, 1, 2, 4 };
  float          combined[2];
  g_autoptr (LimnTexts) texts = NULL;

  if (lacks_model (fixture))
    return;
  generation.clip_skip = 1;
  texts = limn_texts_new (fixture->model, &generation, STEPS, NULL);
  g_assert_true (limn_texts_guided (texts));
  limn_texts_combine (texts, 3, predicted, combined, 2);
  g_assert_cmpfloat (combined[0], ==, 2 + 3 * (2 * (3 - 2) - (1 - 2)));
  g_assert_cmpfloat (combined[1], ==, 4 + 3 * (2 * (5 - 4) - (1 - 4)));
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const words[] = { "cat BREAK ", "cat AND ", "[cat:dog:%d] BREAK BREAK BREAK " };

  for (guint i = 0; i < G_N_ELEMENTS (words) && !lacks_model (fixture); i++)
    {
      g_autoptr (GString) prompt = g_string_new (NULL);
      LimnGeneration generation = generation_of (NULL, "");
      g_autoptr (GError) error = NULL;

      for (int k = 0; k < 70; k++)
        g_string_append_printf (prompt, words[i], k);
      generation.prompt = prompt->str;
      g_assert_null (limn_generate (fixture->model, &generation, FALSE, NULL, NULL, &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
    }
}

/* --- families that take prompts as they are written -------------------------------------------------------------- */

static const char *const *
fruits (const char *name,
        gpointer    data)
{
  static const char *const lines[] = { "apple", NULL };

  return g_str_equal (name, "fruit") ? lines : NULL;
}

static LimnResult *
make_starter (Fixture    *fixture,
              const char *prompt)
{
  LimnGeneration generation = { .prompt = prompt, .steps = STEPS, .guidance = -1, .strength = -1, .seed = 3, .wildcards = fruits };

  return make (fixture, &generation);
}

static void
test_starter (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (LimnResult) plain = make_starter (fixture, "a red apple"), tagged = make_starter (fixture, "a red <lora:ink:1>__fruit__"),
                         chosen = make_starter (fixture, "a {red|red} apple"), bracketed = make_starter (fixture, "a (red:1.3) apple");

  g_assert_cmpfloat (latents_apart (plain, tagged), ==, 0);
  g_assert_cmpfloat (latents_apart (plain, chosen), ==, 0);
  g_assert_cmpfloat (latents_apart (plain, bracketed), >, DIFFERENT);
  g_assert_cmpstr (tagged->settings.prompt, ==, "a red <lora:ink:1>apple");
  g_assert_cmpstr (chosen->settings.prompt, ==, "a red apple");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* tags without a file are warned of */
  g_test_add ("/texts/same", Fixture, NULL, set_up_clip, test_same, tear_down);
  g_test_add ("/texts/differs", Fixture, NULL, set_up_clip, test_differs, tear_down);
  g_test_add ("/texts/weighted", Fixture, NULL, set_up_clip, test_weighted, tear_down);
  g_test_add ("/texts/chunks", Fixture, NULL, set_up_clip, test_chunks, tear_down);
  g_test_add ("/texts/long", Fixture, NULL, set_up_clip, test_long, tear_down);
  g_test_add ("/texts/pooled", Fixture, NULL, set_up_clip, test_pooled, tear_down);
  g_test_add ("/texts/calls", Fixture, NULL, set_up_clip, test_calls, tear_down);
  g_test_add ("/texts/combine", Fixture, NULL, set_up_clip, test_combine, tear_down);
  g_test_add ("/texts/refused", Fixture, NULL, set_up_clip, test_refused, tear_down);
  g_test_add ("/texts/starter", Fixture, NULL, set_up_starter, test_starter, tear_down);
  return g_test_run ();
}
