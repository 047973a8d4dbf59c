/* Group normalisation against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

typedef struct
{
  OpTestWeight *weight, *bias;
  int           groups;
} Data;

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const Data *data = test->data;

  return limn_group_norm (graph, inputs[0], &data->weight->weight, &data->bias->weight,
                          data->groups, 1e-6f);
}

/* Mean and standard deviation of one group, added up naively. */
static void
statistics (const LimnArray *x,
            int              n,
            int              first,
            int              width,
            double          *mean,
            double          *deviation)
{
  gsize        positions = limn_shape_positions (x->shape), channels = (gsize) x->shape.c;
  const float *data = x->data + (gsize) n * positions * channels + first;
  double       sum = 0, squares = 0;

  for (gsize p = 0; p < positions; p++)
    for (int c = 0; c < width; c++)
      sum += (double) data[p * channels + (gsize) c];
  *mean = sum / (double) (positions * (gsize) width);
  for (gsize p = 0; p < positions; p++)
    for (int c = 0; c < width; c++)
      squares += pow ((double) data[p * channels + (gsize) c] - *mean, 2);
  *deviation = sqrt (squares / (double) (positions * (gsize) width) + 1e-6);
}

static void
expect (const OpTest     *test,
        LimnArray *const *inputs,
        LimnShape         shape,
        double           *want)
{
  const Data *data = test->data;
  int         width = shape.c / data->groups;
  gsize       positions = limn_shape_positions (shape), channels = (gsize) shape.c;
  double      mean = 0, deviation = 1;

  for (int n = 0; n < shape.n; n++)
    for (int c = 0; c < shape.c; c++)
      {
        if (c % width == 0)
          statistics (inputs[0], n, c, width, &mean, &deviation);
        for (gsize i = (gsize) n * positions * channels + (gsize) c;
             i < ((gsize) n + 1) * positions * channels; i += channels)
          want[i] = ((double) inputs[0]->data[i] - mean) / deviation * (double) data->weight->values[c] + (double) data->bias->values[c];
      }
}

static void
check (LimnShape shape,
       int       groups,
       double    mean)
{
  g_autoptr (OpTestWeight) weight = op_test_vector (shape.c, 1);
  g_autoptr (OpTestWeight) bias = op_test_vector (shape.c, 0);
  Data   data = { weight, bias, groups };
  OpTest test = { .small_binding = "150000",
                  .inputs = { { .shape = shape, .mean = mean, .spread = 2 } },
                  .build = build,
                  .expect = expect,
                  .data = &data };

  op_test_check (&test);
}

static void
test_odd_sizes (void)
{
  for (int size = 1; size <= 33; size += 8)
    {
      check ((LimnShape){ 2, size, size + 2, 3 * size }, 1, 0.5);
      check ((LimnShape){ 2, size, size + 2, 3 * size }, size, 0.5);
      check ((LimnShape){ 2, size, size + 2, 3 * size }, 3 * size, 0.5);
    }
}

static void
test_wide_rows (void)
{
  check ((LimnShape){ 2, 3, 5, 1320 }, 8, 0.5);
}

static void
test_mean_far_from_zero (void)
{
  check ((LimnShape){ 1, 37, 41, 96 }, 32, 30);
}

static void
test_many_elements_a_group (void)
{
  check ((LimnShape){ 1, 512, 512, 16 }, 1, 1);
}

static LimnTensor *
build_silu (LimnGraph         *graph,
            LimnTensor *const *inputs,
            const OpTest      *test)
{
  return limn_activation (graph, build (graph, inputs, test), LIMN_ACTIVATION_SILU);
}

static void
expect_silu (const OpTest     *test,
             LimnArray *const *inputs,
             LimnShape         shape,
             double           *want)
{
  expect (test, inputs, shape, want);
  for (gsize i = 0; i < limn_shape_elements (shape); i++)
    want[i] = want[i] / (1 + exp (-want[i]));
}

static void
test_then_activation (void)
{
  g_autoptr (OpTestWeight) weight = op_test_vector (48, 1);
  g_autoptr (OpTestWeight) bias = op_test_vector (48, 0);
  Data   data = { weight, bias, 6 };
  OpTest test = { .small_binding = "150000",
                  .inputs = { { .shape = { 2, 31, 29, 48 }, .spread = 2 } },
                  .build = build_silu,
                  .expect = expect_silu,
                  .data = &data };

  op_test_check (&test);
}

static void
test_nan_ends (void)
{
  g_autoptr (OpTestWeight) weight = op_test_vector (6, 1);
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (LimnPlan) plan = NULL;
  g_autoptr (LimnArray) got = NULL;
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = limn_graph_input (graph, "x", (LimnShape){ 1, 1, 5, 6 }, LIMN_F32);
  float       values[30] = { [0] = NAN };

  limn_graph_output (graph, "y",
                     limn_group_norm (graph, x, &weight->weight, &weight->weight, 2, 1e-5f));
  plan = limn_plan_new (graph, limn_cpu_backend (cpu), NULL);
  limn_plan_write (plan, "x", values);
  g_assert_true (limn_plan_run (plan, NULL));
  got = limn_plan_read (plan, "y");
  g_assert_true (isnan (got->data[0]));
  g_assert_false (isnan (got->data[3]));
}

static void
test_refuses_what_does_not_divide (void)
{
  g_autoptr (OpTestWeight) weight = op_test_vector (7, 1);
  g_autoptr (OpTestWeight) other = op_test_vector (8, 1);
  Data   data = { weight, weight, 3 };
  OpTest test = { .small_binding = "150000",
                  .inputs = { { .shape = { 2, 3, 5, 7 } } },
                  .build = build,
                  .data = &data };

  op_test_refuses (&test, "3 groups");
  data.groups = 0;
  op_test_refuses (&test, "0 groups");
  data.groups = -7;
  op_test_refuses (&test, "-7 groups");
  data = (Data){ other, weight, 7 };
  op_test_refuses (&test, "8 numbers");
  data = (Data){ weight, other, 7 };
  op_test_refuses (&test, "8 numbers");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/group-norm/odd-sizes", test_odd_sizes);
  g_test_add_func ("/group-norm/wide-rows", test_wide_rows);
  g_test_add_func ("/group-norm/mean-far-from-zero", test_mean_far_from_zero);
  g_test_add_func ("/group-norm/many-elements-a-group", test_many_elements_a_group);
  g_test_add_func ("/group-norm/then-activation", test_then_activation);
  g_test_add_func ("/group-norm/nan-ends", test_nan_ends);
  g_test_add_func ("/group-norm/refuses-what-does-not-divide", test_refuses_what_does_not_divide);
  return g_test_run ();
}
