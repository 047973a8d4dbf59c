/* Generation with the model that comes with the program: what is asked for is what is made, and nonsense is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <math.h>

#define STEPS 3

typedef struct
{
  LimnEngine *engine;
  LimnModel  *model;
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
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  limn_model_free (fixture->model);
  limn_engine_free (fixture->engine);
}

static LimnGeneration
apple (void)
{
  return (LimnGeneration){
    .prompt = "a red apple", .steps = STEPS, .guidance = -1, .strength = -1, .seed = 7
  };
}

static LimnResult *
make (Fixture              *fixture,
      const LimnGeneration *generation)
{
  g_autoptr (GError) error = NULL;
  LimnResult *result = limn_generate (fixture->model, generation, TRUE, NULL, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static gsize
picture_size (const LimnArray *image)
{
  return limn_shape_elements (image->shape) * sizeof (float);
}

static gboolean
same_picture (const LimnResult *a,
              const LimnResult *b)
{
  g_assert_true (limn_shape_equal (a->image->shape, b->image->shape));
  return memcmp (a->image->data, b->image->data, picture_size (a->image)) == 0;
}

static double
distance (const LimnArray *a,
          const LimnArray *b)
{
  double sum = 0;

  for (gsize i = 0; i < limn_shape_elements (a->shape); i++)
    sum += fabs ((double) a->data[i] - b->data[i]);
  return sum / limn_shape_elements (a->shape);
}

static void
test_defaults (Fixture      *fixture,
               gconstpointer data)
{
  const LimnModelInfo *info = limn_model_info (fixture->model);
  LimnGeneration       generation = apple ();
  g_autoptr (LimnResult) result = make (fixture, &generation);

  g_assert_cmpint (result->settings.width, ==, info->width);
  g_assert_cmpfloat (result->settings.guidance, ==, info->guidance);
  g_assert_cmpstr (result->settings.sampler, ==, info->sampler);
  g_assert_cmpstr (result->settings.schedule, ==, info->schedule);
  g_assert_cmpint (result->image->shape.w, ==, info->width);
  g_assert_cmpint (result->image->shape.h, ==, info->height);
  g_assert_cmpint (result->image->shape.c, ==, 3);
  g_assert_cmpfloat (result->step_seconds, >, 0);
}

static void
test_seed (Fixture      *fixture,
           gconstpointer data)
{
  LimnGeneration generation = apple ();
  g_autoptr (LimnResult) first = make (fixture, &generation), again = make (fixture, &generation);
  g_autoptr (LimnResult) other = NULL;

  g_assert_true (same_picture (first, again));
  generation.seed = 8;
  other = make (fixture, &generation);
  g_assert_false (same_picture (first, other));
}

static void
test_words_matter (Fixture      *fixture,
                   gconstpointer data)
{
  LimnGeneration generation = apple ();
  g_autoptr (LimnResult) first = make (fixture, &generation);
  g_autoptr (LimnResult) other = NULL, against = NULL;

  generation.prompt = "a green cactus in the desert";
  other = make (fixture, &generation);
  g_assert_false (same_picture (first, other));
  generation = apple ();
  generation.negative = "a red apple on a table";
  against = make (fixture, &generation);
  g_assert_false (same_picture (first, against));
}

/* Without guidance the negative prompt is not even read. */
static void
test_no_guidance (Fixture      *fixture,
                  gconstpointer data)
{
  LimnGeneration generation = apple ();
  g_autoptr (LimnResult) first = NULL, other = NULL;

  generation.guidance = 1;
  first = make (fixture, &generation);
  generation.negative = "a house";
  other = make (fixture, &generation);
  g_assert_true (same_picture (first, other));
}

static void
test_dump (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const names[] = { "tokens", "text", "latent-0", "denoised-1",
                                       "denoised-3", "latent", "times", "image" };
  LimnGeneration           generation = apple ();
  g_autoptr (LimnResult) result = make (fixture, &generation);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_hash_table_lookup (result->dump, names[i]) == NULL)
      g_error ("%s was not kept", names[i]);
  g_assert_null (g_hash_table_lookup (result->dump, "denoised-4"));
}

/* The weaker, the nearer to the picture it starts from. */
static void
test_picture (Fixture      *fixture,
              gconstpointer data)
{
  LimnGeneration generation = apple ();
  g_autoptr (LimnResult) first = make (fixture, &generation), weak = NULL, strong = NULL,
                         none = NULL;

  generation.prompt = "a blue house in the snow";
  generation.picture = first->image;
  generation.steps = 8;
  generation.strength = 0;
  none = make (fixture, &generation);
  generation.strength = 0.3;
  weak = make (fixture, &generation);
  generation.strength = 0.95;
  strong = make (fixture, &generation);
  g_assert_cmpfloat (distance (none->image, first->image), <, distance (weak->image, first->image));
  g_assert_cmpfloat (distance (weak->image, first->image), <,
                     distance (strong->image, first->image));
}

/* Left half kept, right half repainted. */
static void
test_mask (Fixture      *fixture,
           gconstpointer data)
{
  LimnGeneration generation = apple ();
  g_autoptr (LimnResult) first = make (fixture, &generation), painted = NULL;
  int width = first->image->shape.w, height = first->image->shape.h;
  g_autoptr (LimnArray) mask = limn_array_new ((LimnShape){ 1, height, width, 1 });
  double kept = 0, changed = 0;

  for (int i = 0; i < width * height; i++)
    mask->data[i] = i % width >= width / 2;
  generation.prompt = "a green cactus in the desert";
  generation.picture = first->image;
  generation.mask = mask;
  painted = make (fixture, &generation);
  for (int i = 0; i < 3 * width * height; i++)
    {
      int    column = i / 3 % width;
      double difference = fabs ((double) painted->image->data[i] - first->image->data[i]);

      kept += column < width / 4 ? difference : 0;
      changed += column >= width - width / 4 ? difference : 0;
    }
  g_assert_cmpfloat (kept, <, changed / 4);
}

static void
assert_refused (Fixture              *fixture,
                const LimnGeneration *generation,
                int                   code,
                const char           *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnResult) result = limn_generate (fixture->model, generation, FALSE, NULL, NULL, &error);

  g_assert_null (result);
  g_assert_error (error, LIMN_ENGINE_ERROR, code);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

static void
test_nonsense (Fixture      *fixture,
               gconstpointer data)
{
  static const int sizes[] = { -1, 1, 100000, G_MAXINT, G_MININT };
  LimnGeneration   generation = apple ();
  g_autoptr (LimnArray) mask = limn_array_new ((LimnShape){ 1, 128, 128, 1 });

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      generation.width = sizes[i];
      assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "steps of 128");
    }
  generation = apple ();
  generation.steps = -1;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "steps");
  generation.steps = 1001;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "1000");
  generation = apple ();
  generation.guidance = NAN;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "guidance");
  generation.guidance = INFINITY;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "guidance");
  generation = apple ();
  generation.strength = 1.5;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "strength");
  generation = apple ();
  generation.sampler = "magic";
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "dpmpp_2m");
  generation = apple ();
  generation.schedule = "magic";
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "karras");
  generation = apple ();
  generation.mask = mask;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_ARGUMENT, "picture");
}

/* Noise that is no number must not become a picture. */
static void
test_broken_noise (Fixture      *fixture,
                   gconstpointer data)
{
  LimnGeneration generation = apple ();
  g_autoptr (LimnArray) noise = limn_array_new ((LimnShape){ 1, 16, 16, 8 });

  noise->data[5] = NAN;
  generation.noise = noise;
  assert_refused (fixture, &generation, LIMN_ENGINE_ERROR_RESULT, "finite");
}

typedef struct
{
  int      steps, stop_at;
  gboolean decoded;
} Watch;

static gboolean
watch (const LimnProgress *progress,
       gpointer            data)
{
  Watch *watched = data;

  if (g_str_equal (progress->stage, "decode"))
    watched->decoded = TRUE;
  if (g_str_equal (progress->stage, "sample") && progress->step > 0)
    {
      watched->steps++;
      g_assert_cmpint (progress->step, ==, watched->steps);
      g_assert_cmpint (progress->steps, ==, STEPS);
      g_assert_cmpfloat (progress->seconds_left, >=, 0);
    }
  return watched->steps < watched->stop_at;
}

static void
test_progress (Fixture      *fixture,
               gconstpointer data)
{
  LimnGeneration generation = apple ();
  Watch          all = { .stop_at = 100 }, some = { .stop_at = 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnResult) result = limn_generate (fixture->model, &generation, FALSE, watch, &all, &error);
  g_autoptr (LimnResult) stopped = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (result);
  g_assert_cmpint (all.steps, ==, STEPS);
  g_assert_true (all.decoded);

  stopped = limn_generate (fixture->model, &generation, FALSE, watch, &some, &error);
  g_assert_null (stopped);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  g_assert_cmpint (some.steps, ==, 2);
  g_assert_false (some.decoded);
}

/* Every sampler makes a picture of a flow model, too. */
static void
test_samplers (Fixture      *fixture,
               gconstpointer data)
{
  for (guint i = 0; i < limn_n_samplers; i++)
    {
      LimnGeneration generation = apple ();
      g_autoptr (LimnResult) result = NULL;

      generation.sampler = limn_samplers[i].id;
      result = make (fixture, &generation);
      g_assert_cmpstr (result->settings.sampler, ==, limn_samplers[i].id);
    }
}

static void
test_cost (Fixture      *fixture,
           gconstpointer data)
{
  LimnModelCost cost;
  g_autoptr (GError) error = NULL;

  g_assert_true (limn_model_cost (fixture->model, 128, 128, &cost, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (cost.step_operations, >, 1e8);
  g_assert_cmpfloat (cost.decode_operations, >, 1e8);
  g_assert_cmpuint (cost.memory, >, 1 << 20);
  g_assert_false (limn_model_cost (fixture->model, 64, 128, &cost, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
}

/* The mean of the 8 × 8 pixels that place @i of the preview stands for. */
static double
mean_of_pixels (const LimnArray *picture,
                const LimnArray *preview,
                gsize            i,
                int              colour)
{
  int    side = picture->shape.w / preview->shape.w;
  gsize  top = i / preview->shape.w * side, left = i % preview->shape.w * side;
  double sum = 0;

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      sum += picture->data[((top + y) * picture->shape.w + left + x) * 3 + colour];
  return sum / (side * side);
}

typedef struct
{
  LimnModel *model;
  LimnArray *preview;
} Previews;

static gboolean
keep_preview (const LimnProgress *progress,
              gpointer            data)
{
  Previews *previews = data;

  if (progress->denoised == NULL)
    return TRUE;
  g_clear_pointer (&previews->preview, limn_array_free);
  previews->preview = limn_model_preview (previews->model, progress->denoised);
  return TRUE;
}

/* The last one looks like the picture made small: what is left over is less than a third of how the picture varies. */
static void
test_preview (Fixture      *fixture,
              gconstpointer data)
{
  LimnGeneration generation = apple ();
  Previews       previews = { .model = fixture->model };
  double         mean = 0, variance = 0, error = 0;
  gsize          n;
  g_autoptr (LimnResult) result = limn_generate (fixture->model, &generation, TRUE, keep_preview, &previews, NULL);
  g_autoptr (LimnArray) preview = previews.preview;
  const LimnArray *drawn;

  g_assert_nonnull (result);
  g_assert_nonnull (preview);
  drawn = g_hash_table_lookup (result->dump, "decoded");
  drawn = drawn != NULL ? drawn : result->image;
  g_assert_cmpint (preview->shape.c, ==, 3);
  n = (gsize) preview->shape.h * preview->shape.w * 3;

  for (gsize i = 0; i < n; i++)
    mean += mean_of_pixels (drawn, preview, i / 3, i % 3) / n;
  for (gsize i = 0; i < n; i++)
    {
      double pixel = mean_of_pixels (drawn, preview, i / 3, i % 3);

      variance += (pixel - mean) * (pixel - mean);
      error += (pixel - preview->data[i]) * (pixel - preview->data[i]);
    }
  g_test_message ("unexplained: %.3f", error / variance);
  g_assert_cmpfloat (error, <, 0.33 * variance);
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
    { "/generate/defaults", test_defaults },
    { "/generate/seed", test_seed },
    { "/generate/words-matter", test_words_matter },
    { "/generate/no-guidance", test_no_guidance },
    { "/generate/dump", test_dump },
    { "/generate/picture", test_picture },
    { "/generate/mask", test_mask },
    { "/generate/nonsense", test_nonsense },
    { "/generate/broken-noise", test_broken_noise },
    { "/generate/progress", test_progress },
    { "/generate/samplers", test_samplers },
    { "/generate/cost", test_cost },
    { "/generate/preview", test_preview },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
