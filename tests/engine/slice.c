/* Ranges of channels: every number where it belongs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const LimnSliceArgs *args = test->data;

  return limn_slice (graph, inputs[0], args->start, args->count);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const LimnSliceArgs *args = test->data;

  return op_test_at (inputs[0], n, y, x, c + args->start);
}

static void
test_ranges (void)
{
  const LimnSliceArgs ranges[] = { { 0, 1 }, { 0, 37 }, { 36, 1 }, { 5, 17 }, { 12, 25 } };
  const LimnShape     shapes[] = { { 1, 1, 1, 37 }, { 2, 3, 5, 37 }, { 1, 33, 61, 37 } };

  for (guint r = 0; r < G_N_ELEMENTS (ranges); r++)
    for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
      {
        OpTest test = { .inputs = { { .shape = shapes[i], .spread = 1 } },
                        .build = build,
                        .element = element,
                        .data = &ranges[r],
                        .limit = 1e-30,
                        .limit_bf16 = 1e-30 };

        op_test_check (&test);
      }
}

static void
test_refuses_ranges_outside (void)
{
  const LimnSliceArgs wrong[] = {
    { -1, 2 }, { 0, 0 }, { 7, 1 }, { 4, 4 }, { G_MAXINT, G_MAXINT }, { 0, -3 }
  };

  for (guint r = 0; r < G_N_ELEMENTS (wrong); r++)
    {
      OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } } },
                      .build = build,
                      .data = &wrong[r] };

      op_test_refuses (&test, "out of 7");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slice/ranges", test_ranges);
  g_test_add_func ("/slice/refuses-ranges-outside", test_refuses_ranges_outside);
  return g_test_run ();
}
