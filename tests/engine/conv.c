/* Convolutions of all sizes, strides and paddings against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

typedef struct
{
  OpTestWeight *weight, *bias;
  LimnConvArgs  args;
  int           kernel;
  gboolean      quantised;
} Data;

/* convolution (+ vector of channels) → SiLU → + whole tensor, where there are inputs for them */
static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const Data *data = test->data;
  LimnTensor *y;

  limn_graph_set_quantised (graph, data->quantised);
  y = limn_conv (graph, inputs[0], &data->weight->weight, &data->bias->weight, &data->args);

  if (test->inputs[1].shape.n == 0)
    return y;
  y = limn_activation (graph, limn_add (graph, y, inputs[1]), LIMN_ACTIVATION_SILU);
  return limn_add (graph, y, inputs[2]);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const Data *data = test->data;
  LimnShape   in = inputs[0]->shape;
  double      sum = (double) data->bias->values[c];

  for (int ky = 0; ky < data->kernel; ky++)
    for (int kx = 0; kx < data->kernel; kx++)
      for (int i = 0; i < in.c; i++)
        {
          int row = y * data->args.stride + ky - data->args.pad_top,
              column = x * data->args.stride + kx - data->args.pad_left;

          if (row >= 0 && row < in.h && column >= 0 && column < in.w)
            sum += (n < in.n
                        ? (double) inputs[0]->data[((n * in.h + row) * in.w + column) * in.c + i]
                        : 0)
                   * (double) data->weight
                         ->values[((c * in.c + i) * data->kernel + ky) * data->kernel + kx];
        }
  if (test->inputs[1].shape.n == 0)
    return sum;
  sum += op_test_at (inputs[1], n, y, x, c);
  return sum / (1 + exp (-sum)) + op_test_at (inputs[2], n, y, x, c);
}

static void
check_with (LimnShape    in,
            int          out,
            int          kernel,
            LimnConvArgs args,
            gboolean     fused,
            gboolean     quantised)
{
  const gint64 dims[] = { out, in.c, kernel, kernel };
  g_autoptr (OpTestWeight) weight = op_test_weight_new (4, dims, 0, 1);
  g_autoptr (OpTestWeight) bias = op_test_vector (out, 0.5);
  const Data data = { weight, bias, args, kernel, quantised };
  OpTest     test = { .inputs = { { .shape = in, .spread = 1 } },
                      .small_binding = "100000",
                      .build = build,
                      .element = element,
                      .data = &data };

  if (fused)
    {
      int height = (in.h + args.pad_top + args.pad_bottom - kernel) / args.stride + 1;
      int width = (in.w + args.pad_left + args.pad_right - kernel) / args.stride + 1;

      test.inputs[1] = (OpTestInput){ .shape = { 1, 1, 1, out }, .spread = 1 };
      test.inputs[2] = (OpTestInput){ .shape = { in.n, height, width, out }, .spread = 1 };
    }
  if (quantised) /* rounding both factors of each product to eight bits makes 2e-5 to 5e-5 */
    {
      test.limit = test.limit_bf16 = 1e-4;
      test.only = OP_TEST_CPU;
    }
  op_test_check (&test);
}

static void
check (LimnShape    in,
       int          out,
       int          kernel,
       LimnConvArgs args,
       gboolean     fused)
{
  check_with (in, out, kernel, args, fused, FALSE);
}

static const LimnConvArgs same = { 1, 1, 1, 1, 1 };

static void
test_three_by_three (void)
{
  for (int size = 3; size <= 19; size += 4)
    check ((LimnShape){ 2, size, size + 2, 3 + size }, 2 * size + 1, 3, same, FALSE);
  check ((LimnShape){ 1, 4, 137, 33 }, 40, 3, same, FALSE);
}

static void
test_fused (void)
{
  check ((LimnShape){ 2, 5, 57, 17 }, 35, 3, same, TRUE);
  check ((LimnShape){ 1, 7, 3, 5 }, 6, 3, same, TRUE);
  check ((LimnShape){ 1, 3, 4, 9 }, 33, 1, (LimnConvArgs){ .stride = 1 }, TRUE);
}

/* More tiles than are transformed at once, and more than one group of them. */
static void
test_many_tiles (void)
{
  check ((LimnShape){ 2, 45, 43, 16 }, 34, 3, same, TRUE);
  check ((LimnShape){ 1, 33, 35, 3 }, 515, 3, same, TRUE); /* a graphics card's large squares */
}

static void
test_strides_and_padding (void)
{
  for (int size = 5; size <= 12; size += 1)
    {
      check ((LimnShape){ 1, size, size + 1, 7 }, 9, 3, (LimnConvArgs){ 2, 1, 1, 1, 1 }, FALSE);
      check ((LimnShape){ 1, size, size + 1, 7 }, 9, 3, (LimnConvArgs){ 2, 0, 0, 1, 1 }, FALSE);
    }
  check ((LimnShape){ 1, 9, 9, 20 }, 18, 3, (LimnConvArgs){ 1, 0, 2, 1, 0 }, FALSE);
  check ((LimnShape){ 1, 9, 8, 3 }, 5, 5, (LimnConvArgs){ 1, 2, 2, 2, 2 }, FALSE);
}

static void
test_quantised (void)
{
  check_with ((LimnShape){ 2, 7, 9, 66 }, 35, 3, same, TRUE, TRUE);
  check_with ((LimnShape){ 1, 33, 17, 64 }, 70, 3, (LimnConvArgs){ 2, 0, 0, 1, 1 }, FALSE, TRUE);
  check_with ((LimnShape){ 2, 5, 30, 131 }, 32, 1, (LimnConvArgs){ .stride = 1 }, TRUE, TRUE);
}

static void
test_refuses (void)
{
  const gint64 dims[] = { 4, 6, 3, 3 };
  g_autoptr (OpTestWeight) weight = op_test_weight_new (4, dims, 0, 1);
  g_autoptr (OpTestWeight) bias = op_test_vector (4, 0);
  Data   data = { weight, bias, same, 3, FALSE };
  OpTest test = { .inputs = { { .shape = { 1, 8, 8, 5 }, .spread = 1 } },
                  .build = build,
                  .element = element,
                  .data = &data };

  op_test_refuses (&test, "channels meets 5");
  data.args = (LimnConvArgs){ .stride = 1 };
  test.inputs[0].shape = (LimnShape){ 1, 2, 8, 6 };
  op_test_refuses (&test, "smaller than the kernel");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conv/three-by-three", test_three_by_three);
  g_test_add_func ("/conv/fused", test_fused);
  g_test_add_func ("/conv/many-tiles", test_many_tiles);
  g_test_add_func ("/conv/strides-and-padding", test_strides_and_padding);
  g_test_add_func ("/conv/quantised", test_quantised);
  g_test_add_func ("/conv/refuses", test_refuses);
  return g_test_run ();
}
