/* Means over tokens against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  return limn_token_mean (graph, inputs[0], inputs[1]);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  LimnShape shape = inputs[0]->shape;
  int       length = CLAMP ((int) op_test_at (inputs[1], n, 0, 0, 0), 1, shape.h * shape.w);
  double    sum = 0;

  for (int t = 0; t < length; t++)
    sum += op_test_at (inputs[0], n, t / shape.w, t % shape.w, c);
  return sum / length;
}

static void
test_odd_sizes (void)
{
  for (int size = 1; size <= 33; size += 8)
    {
      OpTest test = { .small_binding = "1000000",
                      .inputs = { { .shape = { 3, 2, size, 9 * size }, .mean = 1, .spread = 2 },
                                  { { 3, 1, 1, 1 }, OP_TEST_I32, size, size } },
                      .build = build,
                      .element = element };

      op_test_check (&test);
    }
}

static void
test_lying_lengths (void)
{
  OpTest test = { .small_binding = "1000000",
                  .inputs = { { .shape = { 9, 1, 7, 5 }, .spread = 2 },
                              { { 9, 1, 1, 1 }, OP_TEST_I32, 0, 1000000000 } },
                  .build = build,
                  .element = element };

  op_test_check (&test);
}

static void
test_refuses_other_lengths (void)
{
  OpTest floats = { .inputs = { { .shape = { 2, 1, 7, 5 } }, { .shape = { 2, 1, 1, 1 } } },
                    .build = build };
  OpTest few = { .inputs = { { .shape = { 2, 1, 7, 5 } },
                             { .shape = { 1, 1, 1, 1 }, .kind = OP_TEST_I32 } },
                 .build = build };

  op_test_refuses (&floats, "lengths");
  op_test_refuses (&few, "lengths");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-mean/odd-sizes", test_odd_sizes);
  g_test_add_func ("/token-mean/lying-lengths", test_lying_lengths);
  g_test_add_func ("/token-mean/refuses-other-lengths", test_refuses_other_lengths);
  return g_test_run ();
}
