/* Ways to make a picture otherwise: variations, guidance rescaled and held to an interval, a second pass.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <math.h>
#include <string.h>

typedef struct
{
  LimnEngine *engine;
  LimnModel  *model;
} Fixture;

static LimnModel *
open_model (Fixture    *fixture,
            const char *path)
{
  g_autoptr (GError) error = NULL;
  LimnModel *model = limn_model_open (fixture->engine, path, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  LimnEngineOptions options = { .type = "f32", .device = "cpu" };
  g_autofree char  *path = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);

  fixture->engine = limn_engine_new (&options, NULL);
  fixture->model = open_model (fixture, path);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  limn_model_free (fixture->model);
  limn_engine_free (fixture->engine);
}

static LimnGeneration
apple (guint64 seed)
{
  return (LimnGeneration){
    .prompt = "a red apple", .steps = 3, .width = 128, .height = 128, .guidance = 4, .strength = -1, .hires_strength = -1, .seed = seed
  };
}

static LimnArray *
make (LimnModel     *model,
      LimnGeneration generation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnResult) result = limn_generate (model, &generation, FALSE, NULL, NULL, &error);

  g_assert_no_error (error);
  return limn_array_copy (result->image);
}

static double
distance (const LimnArray *a,
          const LimnArray *b)
{
  double sum = 0;

  g_assert_true (limn_shape_equal (a->shape, b->shape));
  for (gsize i = 0; i < limn_shape_elements (a->shape); i++)
    sum += fabs ((double) a->data[i] - b->data[i]);
  return sum / limn_shape_elements (a->shape);
}

/* From the seed's picture to the other seed's, and nearer to the one or the other on the way. */
static void
test_variation (Fixture      *fixture,
                gconstpointer data)
{
  LimnGeneration none = apple (7), whole = apple (7), little = apple (7);
  g_autoptr (LimnArray) first = make (fixture->model, apple (7)), other = make (fixture->model, apple (8));
  g_autoptr (LimnArray) of_none = NULL, of_whole = NULL, of_little = NULL;

  none.variation_seed = whole.variation_seed = little.variation_seed = 8;
  whole.variation = 1;
  little.variation = 0.1;
  of_none = make (fixture->model, none);
  of_whole = make (fixture->model, whole);
  of_little = make (fixture->model, little);
  g_assert_cmpfloat (distance (of_none, first), ==, 0);
  g_assert_cmpfloat (distance (of_whole, other), <, 1e-4);
  g_assert_cmpfloat (distance (of_little, first), >, 0);
  g_assert_cmpfloat (distance (of_little, first), <, distance (of_little, other));
}

/* Over the whole interval nothing changes; over none it is as without guidance. */
static void
test_interval (Fixture      *fixture,
               gconstpointer data)
{
  LimnGeneration all = apple (7), none = apple (7), part = apple (7), plain = apple (7);
  g_autoptr (LimnArray) first = make (fixture->model, apple (7));
  g_autoptr (LimnArray) of_all = NULL, of_none = NULL, of_part = NULL, unguided = NULL;

  all.guidance_end = 1;
  none.guidance_begin = 1;
  none.guidance_end = 1;
  part.guidance_begin = 0.5;
  plain.guidance = 1;
  of_all = make (fixture->model, all);
  of_none = make (fixture->model, none);
  of_part = make (fixture->model, part);
  unguided = make (fixture->model, plain);
  g_assert_cmpfloat (distance (of_all, first), ==, 0);
  g_assert_cmpfloat (distance (of_none, unguided), <, 1e-5);
  g_assert_cmpfloat (distance (of_part, first), >, 0);
  g_assert_cmpfloat (distance (of_part, unguided), >, 0);
}

static void
test_rescale (Fixture      *fixture,
              gconstpointer data)
{
  LimnGeneration none = apple (7), full = apple (7);
  g_autoptr (LimnArray) first = make (fixture->model, apple (7));
  g_autoptr (LimnArray) of_none = NULL, of_full = NULL;

  none.guidance_rescale = 0;
  full.guidance_rescale = 1;
  of_none = make (fixture->model, none);
  of_full = make (fixture->model, full);
  g_assert_cmpfloat (distance (of_none, first), ==, 0);
  g_assert_cmpfloat (distance (of_full, first), >, 0);
}

static void
test_wrong (Fixture      *fixture,
            gconstpointer data)
{
  LimnGeneration wrong[5];

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    wrong[i] = apple (7);
  wrong[0].variation = 1.5;
  wrong[1].guidance_begin = -0.5;
  wrong[2].guidance_rescale = NAN;
  wrong[3].hires = 2; /* the starter enlarges by itself */
  wrong[4].hires = 9;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_generate (fixture->model, &wrong[i], FALSE, NULL, NULL, &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
    }
}

static char *
shared (const char *name)
{
  const char *folder = g_getenv ("LIMN_SHARED");

  if (folder != NULL)
    return g_build_filename (folder, name, NULL);
  return g_build_filename (g_getenv ("LIMN_TEST_DATA"), "..", "..", "shared", name, NULL);
}

/* Twice as large, the same again, and of the same picture as the first pass: averaged down it is near to it. */
static void
test_second_pass (Fixture      *fixture,
                  gconstpointer data)
{
  static const char *const ways[] = { NULL, "latent" };
  g_autofree char         *path = shared ("goldens/sd15/model"), *words = shared ("weights/tokenizers/clip");
  g_autoptr (LimnModel) model = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR) || !g_file_test (words, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("the reference models are not there");
      return;
    }
  model = open_model (fixture, path);
  g_assert_true (limn_model_set_tokenizer (model, words, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      LimnGeneration generation = apple (7);
      g_autoptr (LimnArray) once = NULL, again = NULL;

      generation.width = generation.height = 64;
      generation.hires = 2;
      generation.hires_upscaler = ways[i];
      once = make (model, generation);
      again = make (model, generation);
      g_assert_cmpint (once->shape.w, ==, 128);
      g_assert_cmpint (once->shape.h, ==, 128);
      g_assert_cmpfloat (distance (once, again), ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ways/variation", Fixture, NULL, set_up, test_variation, tear_down);
  g_test_add ("/ways/interval", Fixture, NULL, set_up, test_interval, tear_down);
  g_test_add ("/ways/rescale", Fixture, NULL, set_up, test_rescale, tear_down);
  g_test_add ("/ways/wrong", Fixture, NULL, set_up, test_wrong, tear_down);
  g_test_add ("/ways/second-pass", Fixture, NULL, set_up, test_second_pass, tear_down);
  return g_test_run ();
}
