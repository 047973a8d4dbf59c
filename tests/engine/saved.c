/* Generations that are interrupted go on to the very same picture, with every sampler; what is damaged is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "engine/engine.h"

#define STEPS 6

typedef struct
{
  LimnEngine *engine;
  LimnModel  *model;
} Place;

/* Saves after @save_at, stops after @stop_at. */
typedef struct
{
  int     save_at, stop_at, first;
  GBytes *saved;
} Watch;

static gboolean
on_progress (const LimnProgress *progress,
             gpointer            data)
{
  Watch *watch = data;
  g_autoptr (LimnSaved) saved = limn_progress_save (progress);

  g_assert_true ((saved != NULL) == (progress->step > 0));
  if (progress->step == 0)
    return TRUE;
  if (watch->first == 0)
    watch->first = progress->step;
  if (progress->step == watch->save_at)
    watch->saved = limn_saved_to_bytes (saved);
  return progress->step != watch->stop_at;
}

static void
set_up (Place        *place,
        gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  g_autoptr (GError) error = NULL;

  place->engine = limn_engine_new (&(LimnEngineOptions){ .device = "cpu", .type = "f32" }, &error);
  g_assert_no_error (error);
  place->model = limn_model_open (place->engine, path, NULL, NULL);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  limn_model_free (place->model);
  limn_engine_free (place->engine);
}

static gboolean
have_model (const Place *place)
{
  if (place->model == NULL)
    g_test_skip ("the starter model is not in data/starter");
  return place->model != NULL;
}

static LimnGeneration
settings (const char *sampler)
{
  return (LimnGeneration){
    .prompt = "a red apple", .steps = STEPS, .width = 128, .height = 128, .guidance = -1, .strength = -1, .seed = 7, .sampler = sampler
  };
}

static void
assert_same (const LimnResult *a,
             const LimnResult *b)
{
  gsize n = limn_shape_elements (a->image->shape);

  g_assert_cmpmem (a->image->data, n * sizeof (float), b->image->data, n * sizeof (float));
}

/* Stopped after @at steps, then gone on with from bytes. */
static void
check_sampler (Place      *place,
               const char *sampler,
               int         at)
{
  g_autoptr (GError) error = NULL;
  Watch          whole = { 0 }, cut = { .save_at = at, .stop_at = at }, rest = { 0 };
  LimnGeneration generation = settings (sampler);
  g_autoptr (LimnResult) expected = limn_generate (place->model, &generation, FALSE, on_progress, &whole, &error);
  g_autoptr (LimnResult) none = NULL;
  g_autoptr (LimnResult) resumed = NULL;
  g_autoptr (LimnSaved) saved = NULL;

  g_assert_no_error (error);
  none = limn_generate (place->model, &generation, FALSE, on_progress, &cut, &error);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (none);

  saved = limn_saved_from_bytes (cut.saved, &error);
  g_assert_no_error (error);
  generation.parts = &(LimnGenerationParts){ .resume = saved };
  resumed = limn_generate (place->model, &generation, FALSE, on_progress, &rest, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rest.first, ==, at == STEPS ? 0 : at + 1);
  assert_same (expected, resumed);
  g_bytes_unref (cut.saved);
}

static void
test_same_picture (Place        *place,
                   gconstpointer data)
{
  if (!have_model (place))
    return;
  for (guint i = 0; i < limn_n_samplers; i++)
    {
      g_test_message ("%s", limn_samplers[i].id);
      check_sampler (place, limn_samplers[i].id, 1 + i % (STEPS - 1));
    }
  check_sampler (place, "unipc", STEPS);
}

/* Bytes to spoil: a state of the last step but one. */
static GBytes *
make_saved (Place *place)
{
  LimnGeneration generation = settings ("dpmpp_2m");
  Watch          watch = { .save_at = 2, .stop_at = 2 };

  g_assert_null (limn_generate (place->model, &generation, FALSE, on_progress, &watch, NULL));
  return watch.saved;
}

static void
test_damaged (Place        *place,
              gconstpointer data)
{
  static const struct
  {
    gsize  at;
    guint8 value;
  } spoils[] = { { 0, 0 }, { 4, 9 }, { 8, 200 }, { 15, 255 }, { 20, 60 }, { 24, 0 }, { 28, 1 } };
  g_autoptr (GBytes) bytes = NULL;

  if (!have_model (place))
    return;
  bytes = make_saved (place);
  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autoptr (GBytes) spoilt = NULL;
      g_autoptr (GError) error = NULL;

      copy[spoils[i].at] = spoils[i].value;
      spoilt = g_bytes_new (copy, g_bytes_get_size (bytes));
      g_assert_null (limn_saved_from_bytes (spoilt, &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
    }
  for (gsize size = 0; size < 48; size++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, size);

      g_assert_null (limn_saved_from_bytes (cut, NULL));
    }
}

static void
test_of_another_run (Place        *place,
                     gconstpointer data)
{
  LimnGeneration generation = settings ("dpmpp_2m");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnSaved) saved = NULL;
  g_autoptr (LimnResult) none = NULL;
  g_autoptr (GError) error = NULL;

  if (!have_model (place))
    return;
  bytes = make_saved (place);
  saved = limn_saved_from_bytes (bytes, NULL);
  generation.steps = STEPS + 1;
  generation.parts = &(LimnGenerationParts){ .resume = saved };
  none = limn_generate (place->model, &generation, FALSE, NULL, NULL, &error);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/saved/same-picture", Place, NULL, set_up, test_same_picture, tear_down);
  g_test_add ("/saved/damaged", Place, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/saved/of-another-run", Place, NULL, set_up, test_of_another_run, tear_down);
  return g_test_run ();
}
