/* Channels into squares of pixels: every number where it belongs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const int *size = test->data;

  return limn_unpatchify (graph, inputs[0], *size);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  int p = *(const int *) test->data;

  return op_test_at (inputs[0], n, y / p, x / p, (c * p + y % p) * p + x % p);
}

static void
test_sizes (void)
{
  for (int size = 1; size <= 5; size++)
    for (int channels = 1; channels <= 17; channels += 8)
      {
        OpTest test = { .inputs = { { .shape = { 2, 3, 7, channels * size * size },
                                      .spread = 1 } },
                        .build = build,
                        .element = element,
                        .data = &size,
                        .limit = 1e-30,
                        .limit_bf16 = 1e-30 };

        op_test_check (&test);
      }
}

static void
test_large (void)
{
  const int size = 2;
  OpTest    test = { .inputs = { { .shape = { 1, 33, 31, 64 }, .spread = 1 } },
                     .build = build,
                     .element = element,
                     .data = &size,
                     .limit = 1e-30,
                     .limit_bf16 = 1e-30 };

  op_test_check (&test);
}

static void
test_refuses_what_does_not_divide (void)
{
  const int sizes[] = { 3, 0, -1, 65536, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      OpTest test = { .inputs = { { .shape = { 2, 6, 9, 8 } } },
                      .build = build,
                      .data = &sizes[i] };

      op_test_refuses (&test, "squares");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unpatchify/sizes", test_sizes);
  g_test_add_func ("/unpatchify/large", test_large);
  g_test_add_func ("/unpatchify/refuses-what-does-not-divide", test_refuses_what_does_not_divide);
  return g_test_run ();
}
