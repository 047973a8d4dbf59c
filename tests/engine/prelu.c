/* Rectified linear units with learnt slopes against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static const LimnShape shapes[] = {
  { 1, 1, 1, 1 }, { 2, 3, 5, 7 }, { 1, 1, 9, 33 }, { 3, 1, 2, 1025 }, { 1, 33, 31, 40 }
};

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const OpTestWeight *slope = test->data;

  return limn_prelu (graph, inputs[0], slope != NULL ? &slope->weight : NULL);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const OpTestWeight *slope = test->data;
  double              value = op_test_at (inputs[0], n, y, x, c);

  return value < 0 ? value * slope->values[slope->weight.n_elements > 1 ? c : 0] : value;
}

static void
check (LimnShape shape,
       int       slopes,
       double    mean)
{
  g_autoptr (OpTestWeight) slope = op_test_vector (slopes, mean);
  OpTest test = { .inputs = { { .shape = shape, .spread = 3 } },
                  .build = build,
                  .element = element,
                  .data = slope,
                  .limit = 1e-13 };

  op_test_check (&test);
}

static void
test_a_slope_a_channel (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    check (shapes[i], shapes[i].c, 0.25);
}

static void
test_one_slope (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    check (shapes[i], 1, -0.5);
}

static void
test_refuses_other_slopes (void)
{
  g_autoptr (OpTestWeight) few = op_test_vector (6, 0), table = op_test_matrix (7, 1);
  const OpTestWeight *wrong[] = { few, table, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } } }, .build = build, .data = wrong[i] };

      op_test_refuses (&test, "slope");
    }
}

static void
test_refuses_integers (void)
{
  g_autoptr (OpTestWeight) slope = op_test_vector (7, 0);
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 }, .kind = OP_TEST_I32 } }, .build = build, .data = slope };

  op_test_refuses (&test, "i32");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prelu/a-slope-a-channel", test_a_slope_a_channel);
  g_test_add_func ("/prelu/one-slope", test_one_slope);
  g_test_add_func ("/prelu/refuses-other-slopes", test_refuses_other_slopes);
  g_test_add_func ("/prelu/refuses-integers", test_refuses_integers);
  return g_test_run ();
}
