/* Pictures larger than the generator's: all sizes show the same, and what is not repainted stays as it was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

#define STEPS 3

typedef struct
{
  LimnEngine          *engine;
  LimnModel           *model;
  const LimnModelInfo *info;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  LimnEngineOptions options = { .type = "f32", .device = "cpu" };
  g_autofree char  *path = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  g_autoptr (GError) error = NULL;

  fixture->engine = limn_engine_new (&options, &error);
  g_assert_no_error (error);
  fixture->model = limn_model_open (fixture->engine, path, NULL, &error);
  g_assert_no_error (error);
  fixture->info = limn_model_info (fixture->model);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  limn_model_free (fixture->model);
  limn_engine_free (fixture->engine);
}

static LimnGeneration
fox (int size)
{
  return (LimnGeneration){
    .prompt = "a fox",
    .width = size,
    .height = size,
    .steps = STEPS,
    .guidance = -1,
    .strength = -1,
    .seed = 7,
  };
}

static LimnResult *
make (Fixture              *fixture,
      const LimnGeneration *generation)
{
  g_autoptr (GError) error = NULL;
  LimnResult *result = limn_generate (fixture->model, generation, TRUE, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->image->shape.w, ==, generation->width);
  g_assert_cmpint (result->image->shape.h, ==, generation->height);
  return result;
}

/* Mean of the square of pixels of @large that pixel (@x, @y) of a picture of @side covers; sides divide. */
static double
mean_below (const LimnArray *large,
            int              side,
            int              x,
            int              y,
            int              c)
{
  int    times = large->shape.w / side;
  double sum = 0;

  for (int i = 0; i < times * times; i++)
    sum += large->data[((gsize) (y * times + i / times) * large->shape.w + x * times + i % times) * 3 + c];
  return sum / (times * times);
}

/* Of number @i of @small from what @large shows there. */
static double
difference (const LimnArray *small,
            const LimnArray *large,
            int              i)
{
  int width = small->shape.w, pixel = i / 3;

  return fabs (small->data[i] - mean_below (large, width, pixel % width, pixel / width, i % 3));
}

static double
farthest (const LimnArray *small,
          const LimnArray *large)
{
  double most = 0;

  for (int i = 0; i < small->shape.w * small->shape.h * 3; i++)
    most = fmax (most, difference (small, large, i));
  return most;
}

static double
mean_distance (const LimnArray *small,
               const LimnArray *large)
{
  double sum = 0;
  int    n = small->shape.w * small->shape.h * 3;

  for (int i = 0; i < n; i++)
    sum += difference (small, large, i);
  return sum / n;
}

static void
test_largest_by_default (Fixture      *fixture,
                         gconstpointer data)
{
  g_assert_cmpint (fixture->info->native, >, 0);
  g_assert_cmpint (fixture->info->width, ==, fixture->info->max_size);
  g_assert_cmpint (fixture->info->width, >, fixture->info->native);
}

/* The seed decides what is shown, not the size: the enlarger sharpens, and neither moves nor colours. */
static void
test_sizes_show_the_same (Fixture      *fixture,
                          gconstpointer data)
{
  LimnGeneration small_one = fox (fixture->info->native), large_one = fox (fixture->info->max_size);
  g_autoptr (LimnResult) small = make (fixture, &small_one), large = make (fixture, &large_one);
  const LimnArray *decoded = g_hash_table_lookup (large->dump, "decoded");

  g_assert_null (g_hash_table_lookup (small->dump, "decoded"));
  g_assert_cmpmem (decoded->data, limn_shape_elements (decoded->shape) * sizeof (float), small->image->data,
                   limn_shape_elements (small->image->shape) * sizeof (float));
  g_assert_cmpfloat (mean_distance (small->image, large->image), <, 0.03);
}

/* Sizes between are the largest, averaged. */
static void
test_between (Fixture      *fixture,
              gconstpointer data)
{
  LimnGeneration half_one = fox (fixture->info->max_size / 2), large_one = fox (fixture->info->max_size);
  g_autoptr (LimnResult) half = make (fixture, &half_one), large = make (fixture, &large_one);

  g_assert_cmpfloat (farthest (half->image, large->image), <, 1e-5);
}

/* Three quarters: pixels that are covered in part count in part, so the mean of the whole stays. */
static void
test_between_unevenly (Fixture      *fixture,
                       gconstpointer data)
{
  int            size = fixture->info->max_size;
  LimnGeneration part_one = fox (size - fixture->info->native), large_one = fox (size);
  g_autoptr (LimnResult) part = make (fixture, &part_one), large = make (fixture, &large_one);

  for (int c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (mean_below (part->image, 1, 0, 0, c),
                                    mean_below (large->image, 1, 0, 0, c), 1e-5);
}

/* Random dots are finer than anything that the generator can draw. */
static LimnArray *
dots (int size)
{
  LimnArray *picture = limn_array_new ((LimnShape){ 1, size, size, 3 });
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (int i = 0; i < 3 * size * size; i++)
    picture->data[i] = (float) g_rand_double (random);
  return picture;
}

static void
test_repaints_only_below_the_mask (Fixture      *fixture,
                                   gconstpointer data)
{
  int size = fixture->info->max_size;
  g_autoptr (LimnArray) picture = dots (size), mask = limn_array_new ((LimnShape){ 1, size, size, 1 });
  g_autoptr (LimnResult) result = NULL;
  LimnGeneration generation = fox (size);
  double         kept = 0, repainted = 0;

  for (int i = 0; i < size * size; i++)
    mask->data[i] = i % size >= size / 2;
  generation.picture = picture;
  generation.mask = mask;
  result = make (fixture, &generation);
  for (int i = 0; i < 3 * size * size; i++)
    *(i / 3 % size < size / 2 ? &kept : &repainted) += fabs (result->image->data[i] - picture->data[i]);
  g_assert_cmpfloat (kept, ==, 0);
  g_assert_cmpfloat (repainted / (1.5 * size * size), >, 0.05);
}

static void
test_starts_from_large_pictures (Fixture      *fixture,
                                 gconstpointer data)
{
  LimnGeneration first_one = fox (fixture->info->max_size), again = first_one;
  g_autoptr (LimnResult) first = make (fixture, &first_one), result = NULL;

  again.picture = first->image;
  again.strength = 0;
  result = make (fixture, &again);
  g_assert_cmpfloat (mean_distance (result->image, first->image), <, 0.06);
}

/* The whole is more than what the generator's size takes. */
static void
test_cost (Fixture      *fixture,
           gconstpointer data)
{
  int           native = fixture->info->native, large = fixture->info->max_size;
  LimnModelCost drawn, enlarged;
  g_autoptr (GError) error = NULL;

  g_assert_true (limn_model_cost (fixture->model, native, native, &drawn, &error));
  g_assert_true (limn_model_cost (fixture->model, large, large, &enlarged, &error));
  g_assert_cmpfloat (drawn.enlarge_operations, ==, 0);
  g_assert_cmpfloat (enlarged.enlarge_operations, >, 1e8);
  g_assert_cmpfloat (enlarged.step_operations, ==, drawn.step_operations);
  g_assert_cmpuint (enlarged.memory, >, drawn.memory + (gsize) large * large * 3);
}

/* @folder with links to the starter's parts but for the enlarger. */
static void
link_parts (const char *starter,
            const char *folder)
{
  static const char *const parts[] = { "model_index.json", "scheduler", "text_encoder",
                                       "tokenizer", "transformer", "vae" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *from = g_build_filename (starter, parts[i], NULL);
      g_autofree char *to = g_build_filename (folder, parts[i], NULL);

      g_assert_cmpint (symlink (from, to), ==, 0);
    }
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* Without the part the model is as it draws; with settings that lie about it, it is refused. */
static void
test_other_folders (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *starter = g_canonicalize_filename (fixture->info->path, NULL);
  g_autofree char *folder = g_dir_make_tmp ("limn-enlarger-XXXXXX", NULL);
  g_autofree char *part = g_build_filename (folder, "enlarger", NULL);
  g_autofree char *config = g_build_filename (part, "config.json", NULL);
  g_autofree char *to = g_build_filename (part, "diffusion_pytorch_model.safetensors", NULL);
  g_autofree char *from = g_build_filename (starter, "enlarger/diffusion_pytorch_model.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  LimnModel *plain, *lying;

  link_parts (starter, folder);
  plain = limn_model_open (fixture->engine, folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_model_info (plain)->max_size, ==, fixture->info->native);
  limn_model_free (plain);

  g_assert_cmpint (g_mkdir (part, 0700), ==, 0);
  g_assert_cmpint (symlink (from, to), ==, 0);
  g_assert_true (g_file_set_contents (config, "{\"scale\": 2}", -1, NULL));
  lying = limn_model_open (fixture->engine, folder, NULL, &error);
  g_assert_null (lying);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "4 times"));
  remove_folder (folder);
}

static void
test_squares_only (Fixture      *fixture,
                   gconstpointer data)
{
  LimnGeneration generation = fox (fixture->info->max_size);
  g_autoptr (GError) error = NULL;

  generation.height = fixture->info->native;
  g_assert_null (limn_generate (fixture->model, &generation, FALSE, NULL, NULL, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "squares"));
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "/enlarge/largest-by-default", test_largest_by_default },
    { "/enlarge/sizes-show-the-same", test_sizes_show_the_same },
    { "/enlarge/between", test_between },
    { "/enlarge/between-unevenly", test_between_unevenly },
    { "/enlarge/repaints-only-below-the-mask", test_repaints_only_below_the_mask },
    { "/enlarge/starts-from-large-pictures", test_starts_from_large_pictures },
    { "/enlarge/cost", test_cost },
    { "/enlarge/other-folders", test_other_folders },
    { "/enlarge/squares-only", test_squares_only },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
