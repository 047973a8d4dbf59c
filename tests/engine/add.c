/* Addition against a loop in double precision, all forms of broadcasting.
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
  return limn_add (graph, inputs[0], inputs[1]);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  return op_test_at (inputs[0], n, y, x, c) + op_test_at (inputs[1], n, y, x, c);
}

static void
test_broadcast (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (OpTestKind kind = OP_TEST_GRAPH_TYPE; kind <= OP_TEST_F32; kind++)
      {
        OpTest test = { .inputs = { { .shape = cases[i].a, .spread = 2 },
                                    { cases[i].b, kind, 1, 2 } },
                        .build = build,
                        .element = element,
                        .limit = 1e-13 };

        op_test_check (&test);
      }
}

static LimnTensor *
build_relu (LimnGraph         *graph,
            LimnTensor *const *inputs,
            const OpTest      *test)
{
  return limn_activation (graph, limn_add (graph, inputs[0], inputs[1]), LIMN_ACTIVATION_RELU);
}

static double
relu (const OpTest     *test,
      LimnArray *const *inputs,
      int               n,
      int               y,
      int               x,
      int               c)
{
  return MAX (element (test, inputs, n, y, x, c), 0);
}

static void
test_then_activation (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 }, .spread = 2 },
                              { .shape = { 2, 1, 1, 7 }, .spread = 2 } },
                  .build = build_relu,
                  .element = relu,
                  .limit = 1e-13 };

  op_test_check (&test);
}

static void
test_refuses_what_does_not_spread (void)
{
  const LimnShape wrong[] = { { 2, 3, 5, 8 }, { 2, 3, 5, 1 }, { 2, 2, 5, 7 }, { 4, 3, 5, 7 } };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } }, { .shape = wrong[i] } },
                      .build = build };

      op_test_refuses (&test, "does not spread");
    }
}

static void
test_refuses_integers (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } },
                              { { 2, 3, 5, 7 }, OP_TEST_I32, 0, 0 } },
                  .build = build };

  op_test_refuses (&test, "i32");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/add/broadcast", test_broadcast);
  g_test_add_func ("/add/then-activation", test_then_activation);
  g_test_add_func ("/add/refuses-what-does-not-spread", test_refuses_what_does_not_spread);
  g_test_add_func ("/add/refuses-integers", test_refuses_integers);
  return g_test_run ();
}
