/* One seed, one picture: the processor's and the graphics card's are the same to the eye and far beyond.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include "engine/engine.h"

#define SEED 11
#define LIMIT 1e-6     /* 1e-4 is promised, lavapipe has 2e-13 */
#define LIMIT_F16 1e-4 /* it has 9e-7 */
#define OTHER 1e-2     /* pictures of different seeds are further apart than this */

static LimnArray *
make (const LimnEngineOptions *options,
      guint64                  seed)
{
  const LimnGeneration generation = { .prompt = "a red apple on a table", .width = 128, .height = 128, .steps = 4, .guidance = -1, .strength = -1, .seed = seed };
  g_autofree char     *path = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngine) engine = limn_engine_new (options, &error);
  g_autoptr (LimnModel) model = NULL;
  g_autoptr (LimnResult) result = NULL;

  if (engine == NULL)
    {
      g_test_skip (error->message);
      return NULL;
    }
  model = limn_model_open (engine, path, NULL, &error);
  g_assert_no_error (error);
  result = limn_generate (model, &generation, FALSE, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&result->image);
}

static double
distance (const LimnArray *got,
          const LimnArray *want)
{
  gsize              n = limn_shape_elements (want->shape);
  g_autofree double *exact = g_new (double, n);

  g_assert_true (limn_shape_equal (got->shape, want->shape));
  for (gsize i = 0; i < n; i++)
    exact[i] = (double) want->data[i];
  return op_test_nmse (got->data, exact, n);
}

static void
check (const char *type,
       double      limit)
{
  const LimnEngineOptions cpu = { .device = "cpu", .type = "f32" }, card = { .device = "vulkan", .type = type };
  g_autoptr (LimnArray) got = make (&card, SEED);
  g_autoptr (LimnArray) want = NULL;

  if (got == NULL)
    return;
  want = make (&cpu, SEED);
  g_test_message ("NMSE %g", distance (got, want));
  g_assert_cmpfloat (distance (got, want), <=, limit);
}

static void
test_f32 (void)
{
  check ("f32", LIMIT);
}

static void
test_f16 (void)
{
  check ("f16", LIMIT_F16);
}

/* What the limits are worth. */
static void
test_other_seed (void)
{
  const LimnEngineOptions cpu = { .device = "cpu", .type = "f32" };
  g_autoptr (LimnArray) one = make (&cpu, SEED), other = make (&cpu, SEED + 1);

  g_assert_cmpfloat (distance (other, one), >, OTHER);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/same-picture/f32", test_f32);
  g_test_add_func ("/same-picture/f16", test_f16);
  g_test_add_func ("/same-picture/other-seed", test_other_seed);
  return g_test_run ();
}
