/* Adaptive scale and shift against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

typedef struct
{
  LimnShape a, b;
} Case;

static const Case cases[] = {
  { { 1, 1, 1, 1 }, { 1, 1, 1, 1 } },
  { { 2, 3, 5, 7 }, { 2, 3, 5, 7 } },
  { { 2, 3, 5, 7 }, { 1, 1, 1, 7 } },
  { { 2, 3, 5, 7 }, { 2, 1, 1, 7 } },
  { { 2, 3, 5, 7 }, { 1, 3, 5, 7 } },
  { { 2, 3, 5, 7 }, { 2, 1, 5, 7 } },
  { { 2, 3, 5, 7 }, { 1, 3, 1, 7 } },
  { { 3, 1, 9, 1031 }, { 3, 1, 1, 1031 } },
  { { 2, 31, 17, 33 }, { 2, 31, 17, 33 } },
  { { 2, 31, 33, 33 }, { 2, 1, 1, 33 } },
};

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  return limn_modulate (graph, inputs[0], inputs[1], inputs[2]);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  return op_test_at (inputs[0], n, y, x, c) * (1 + op_test_at (inputs[1], n, y, x, c)) + op_test_at (inputs[2], n, y, x, c);
}

static void
test_broadcast (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (OpTestKind kind = OP_TEST_GRAPH_TYPE; kind <= OP_TEST_F32; kind++)
      {
        OpTest test = { .inputs = { { .shape = cases[i].a, .spread = 2 },
                                    { cases[i].b, kind, 0, 2 },
                                    { cases[i].b, OP_TEST_GRAPH_TYPE, 1, 2 } },
                        .build = build,
                        .element = element,
                        .limit = 1e-13 };

        op_test_check (&test);
      }
}

static void
test_different_forms (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 }, .spread = 2 },
                              { .shape = { 2, 1, 1, 7 }, .spread = 1 },
                              { .shape = { 2, 3, 5, 7 }, .spread = 1 } },
                  .build = build,
                  .element = element };

  op_test_check (&test);
}

static void
test_refuses_what_does_not_spread (void)
{
  OpTest scale = { .inputs = { { .shape = { 2, 3, 5, 7 } },
                               { .shape = { 2, 1, 1, 8 } },
                               { .shape = { 2, 1, 1, 7 } } },
                   .build = build };
  OpTest shift = { .inputs = { { .shape = { 2, 3, 5, 7 } },
                               { .shape = { 2, 1, 1, 7 } },
                               { .shape = { 3, 1, 1, 7 } } },
                   .build = build };

  op_test_refuses (&scale, "does not spread");
  op_test_refuses (&shift, "does not spread");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/modulate/broadcast", test_broadcast);
  g_test_add_func ("/modulate/different-forms", test_different_forms);
  g_test_add_func ("/modulate/refuses-what-does-not-spread", test_refuses_what_does_not_spread);
  return g_test_run ();
}
