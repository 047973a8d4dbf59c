/* Nearest neighbour: every pixel from where it belongs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const LimnResizeArgs *args = test->data;

  return limn_resize (graph, inputs[0], args->height, args->width);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const LimnResizeArgs *args = test->data;

  return op_test_at (inputs[0], n, y * inputs[0]->shape.h / args->height,
                     x * inputs[0]->shape.w / args->width, c);
}

static void
test_sizes (void)
{
  const LimnResizeArgs sizes[] = { { 1, 1 }, { 5, 7 }, { 10, 14 }, { 11, 13 }, { 3, 4 }, { 33, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int channels = 1; channels <= 33; channels += 16)
      {
        OpTest test = { .inputs = { { .shape = { 2, 5, 7, channels }, .spread = 1 } },
                        .build = build,
                        .element = element,
                        .data = &sizes[i],
                        .limit = 1e-30,
                        .limit_bf16 = 1e-30 };

        op_test_check (&test);
      }
}

static void
test_large (void)
{
  const LimnResizeArgs size = { 66, 62 };
  OpTest               test = { .inputs = { { .shape = { 1, 33, 31, 19 }, .spread = 1 } },
                                .build = build,
                                .element = element,
                                .data = &size,
                                .limit = 1e-30,
                                .limit_bf16 = 1e-30 };

  op_test_check (&test);
}

static void
test_refuses_no_pixels (void)
{
  const LimnResizeArgs sizes[] = { { 0, 5 }, { 5, 0 }, { -1, 5 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      OpTest test = { .inputs = { { .shape = { 2, 5, 7, 3 } } },
                      .build = build,
                      .data = &sizes[i] };

      op_test_refuses (&test, "a picture of");
    }
}

static void
test_refuses_too_many_pixels (void)
{
  const LimnResizeArgs size = { 100000, 100000 };
  OpTest               test = { .inputs = { { .shape = { 2, 5, 7, 3 } } }, .build = build, .data = &size };

  op_test_refuses (&test, "100000");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resize/sizes", test_sizes);
  g_test_add_func ("/resize/large", test_large);
  g_test_add_func ("/resize/refuses-no-pixels", test_refuses_no_pixels);
  g_test_add_func ("/resize/refuses-too-many-pixels", test_refuses_too_many_pixels);
  return g_test_run ();
}
