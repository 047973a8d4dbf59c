/* Channels joined: every number where it belongs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  return limn_concat (graph, inputs[0], inputs[1]);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  int channels = inputs[0]->shape.c;

  return c < channels ? op_test_at (inputs[0], n, y, x, c)
                      : op_test_at (inputs[1], n, y, x, c - channels);
}

static void
test_odd_sizes (void)
{
  const LimnShape positions[] = { { 1, 1, 1, 0 }, { 2, 3, 5, 0 }, { 1, 33, 31, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    for (int c = 1; c <= 33; c += 8)
      {
        LimnShape a = positions[i], b = positions[i];
        OpTest    test = {
             .build = build, .element = element, .limit = 1e-30, .limit_bf16 = 1e-30
        };

        a.c = c;
        b.c = 34 - c;
        test.inputs[0] = (OpTestInput){ .shape = a, .spread = 1 };
        test.inputs[1] = (OpTestInput){ .shape = b, .spread = 1 };
        op_test_check (&test);
      }
}

static void
test_refuses_other_positions (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } }, { .shape = { 2, 3, 4, 7 } } },
                  .build = build };

  op_test_refuses (&test, "positions");
}

static void
test_refuses_other_types (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } },
                              { .shape = { 2, 3, 5, 7 }, .kind = OP_TEST_I32 } },
                  .build = build };

  op_test_refuses (&test, "i32");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/concat/odd-sizes", test_odd_sizes);
  g_test_add_func ("/concat/refuses-other-positions", test_refuses_other_positions);
  g_test_add_func ("/concat/refuses-other-types", test_refuses_other_types);
  return g_test_run ();
}
