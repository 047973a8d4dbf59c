/* Gated linear units against libm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  return limn_geglu (graph, inputs[0]);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  int    half = inputs[0]->shape.c / 2;
  double gate = op_test_at (inputs[0], n, y, x, c + half);

  return op_test_at (inputs[0], n, y, x, c) * gate * erfc (-gate / sqrt (2)) / 2;
}

static void
test_odd_sizes (void)
{
  const LimnShape shapes[] = {
    { 1, 1, 1, 2 }, { 2, 3, 5, 14 }, { 1, 1, 9, 66 }, { 3, 1, 2, 2050 }, { 1, 33, 31, 80 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      OpTest test = { .inputs = { { .shape = shapes[i], .spread = 4 } },
                      .build = build,
                      .element = element,
                      .limit = 1e-13 };

      op_test_check (&test);
    }
}

static void
test_refuses_odd_channels (void)
{
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } } }, .build = build };

  op_test_refuses (&test, "no halves");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/geglu/odd-sizes", test_odd_sizes);
  g_test_add_func ("/geglu/refuses-odd-channels", test_refuses_odd_channels);
  return g_test_run ();
}
