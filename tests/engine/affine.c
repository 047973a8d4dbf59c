/* Scale and shift by two numbers against a loop in double precision.
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
  return limn_affine (graph, inputs[0], 0.75f, -2);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  return 0.75 * op_test_at (inputs[0], n, y, x, c) - 2;
}

static void
test_odd_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      OpTest test = { .inputs = { { .shape = shapes[i], .spread = 3 } },
                      .build = build,
                      .element = element,
                      .limit = 1e-13 };

      op_test_check (&test);
    }
}

static void
test_refuses_integers (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 }, .kind = OP_TEST_I32 } }, .build = build };

  op_test_refuses (&test, "i32");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/affine/odd-sizes", test_odd_sizes);
  g_test_add_func ("/affine/refuses-integers", test_refuses_integers);
  return g_test_run ();
}
