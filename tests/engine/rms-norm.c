/* Root-mean-square normalisation against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const OpTestWeight *weight = test->data;

  return limn_rms_norm (graph, inputs[0], &weight->weight, 1e-6f);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const OpTestWeight *weight = test->data;
  int                 width = (int) weight->weight.n_elements;
  double              square = 0;

  for (int i = c / width * width; i < (c / width + 1) * width; i++)
    square += pow (op_test_at (inputs[0], n, y, x, i), 2) / width;
  return op_test_at (inputs[0], n, y, x, c) / sqrt (square + 1e-6) * (double) weight->values[c % width];
}

static void
test_rows_and_heads (void)
{
  for (int width = 1; width <= 33; width += 8)
    for (int heads = 1; heads <= 7; heads += 3)
      {
        g_autoptr (OpTestWeight) weight = op_test_vector (width, 1);
        OpTest test = {
          .inputs = { { .shape = { 2, 1, 11, width * heads }, .mean = 0.5, .spread = 2 } },
          .build = build,
          .element = element,
          .data = weight
        };

        op_test_check (&test);
      }
}

static void
test_wide_rows (void)
{
  g_autoptr (OpTestWeight) weight = op_test_vector (2053, 1);
  OpTest test = { .inputs = { { .shape = { 1, 1, 17, 2053 }, .spread = 2 } },
                  .build = build,
                  .element = element,
                  .data = weight };

  op_test_check (&test);
}

static void
test_refuses_other_weights (void)
{
  g_autoptr (OpTestWeight) vector = op_test_vector (4, 0);
  g_autoptr (OpTestWeight) matrix = op_test_matrix (1, 7);
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } } }, .build = build, .data = vector };

  op_test_refuses (&test, "runs of 4");
  test.data = matrix;
  op_test_refuses (&test, "not one row");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rms-norm/rows-and-heads", test_rows_and_heads);
  g_test_add_func ("/rms-norm/wide-rows", test_wide_rows);
  g_test_add_func ("/rms-norm/refuses-other-weights", test_refuses_other_weights);
  return g_test_run ();
}
