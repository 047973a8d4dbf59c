/* Linear layers, with and without what is fused into them, against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

typedef struct
{
  OpTestWeight *weight, *bias;
  gboolean      silu, quantised;
} Data;

/* linear (+ vector) (→ SiLU) (+ whole tensor): inputs 1 and 2 where there are any */
static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const Data *data = test->data;
  LimnTensor *y;

  limn_graph_set_quantised (graph, data->quantised);
  y = limn_linear (graph, inputs[0], &data->weight->weight, data->bias != NULL ? &data->bias->weight : NULL);

  if (test->inputs[1].shape.n != 0)
    y = limn_add (graph, y, inputs[1]);
  if (data->silu)
    y = limn_activation (graph, y, LIMN_ACTIVATION_SILU);
  if (test->inputs[1].shape.n != 0 && test->inputs[2].shape.n != 0)
    y = limn_add (graph, y, inputs[2]);
  return y;
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
  int         channels = inputs[0]->shape.c;
  double      sum = data->bias != NULL ? (double) data->bias->values[c] : 0;

  for (int i = 0; i < channels; i++)
    sum += op_test_at (inputs[0], n, y, x, i) * (double) data->weight->values[c * channels + i];
  if (test->inputs[1].shape.n != 0)
    sum += op_test_at (inputs[1], n, y, x, c);
  if (data->silu)
    sum /= 1 + exp (-sum);
  if (test->inputs[1].shape.n != 0 && test->inputs[2].shape.n != 0)
    sum += op_test_at (inputs[2], n, y, x, c);
  return sum;
}

static void
check (int      rows,
       int      in,
       int      out,
       gboolean with_bias,
       gboolean fused)
{
  g_autoptr (OpTestWeight) weight = op_test_matrix (out, in);
  g_autoptr (OpTestWeight) bias = op_test_vector (out, 0.5);
  const Data data = { weight, with_bias ? bias : NULL, fused, FALSE };
  OpTest     test = { .inputs = { { .shape = { 1, 1, rows, in }, .spread = 1 } },
                      .small_binding = "400000",
                      .build = build,
                      .element = element,
                      .data = &data };

  if (fused)
    {
      test.inputs[1] = (OpTestInput){ .shape = { 1, 1, 1, out }, .spread = 1 };
      test.inputs[2] = (OpTestInput){ .shape = { 1, 1, rows, out }, .spread = 1 };
    }
  op_test_check (&test);
}

static void
test_odd_sizes (void)
{
  for (int size = 1; size <= 33; size += 4)
    check (size, 2 * size + 1, 3 * size, TRUE, FALSE);
  check (29, 257, 65, FALSE, FALSE);
}

static void
test_fused (void)
{
  for (int size = 2; size <= 35; size += 11)
    check (size, 2 * size + 1, 3 * size, TRUE, TRUE);
}

static void
test_many_rows (void)
{
  check (1500, 40, 70, TRUE, TRUE);
  check (3, 5000, 40, TRUE, FALSE);
  check (1101, 9, 515, TRUE, TRUE); /* enough for a graphics card's large squares */
}

/* Eight bits: rounding both factors of each product makes 2e-5 to 5e-5. */
static void
test_quantised (void)
{
  static const int sizes[][3] = { { 17, 64, 33 }, { 230, 67, 70 }, { 461, 130, 321 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (OpTestWeight) weight = op_test_matrix (sizes[i][2], sizes[i][1]);
      g_autoptr (OpTestWeight) bias = op_test_vector (sizes[i][2], 0.5);
      const Data   data = { weight, bias, TRUE, TRUE };
      const OpTest test = { .inputs = { { .shape = { 1, 1, sizes[i][0], sizes[i][1] }, .spread = 1 },
                                        { .shape = { 1, 1, 1, sizes[i][2] }, .spread = 1 },
                                        { .shape = { 1, 1, sizes[i][0], sizes[i][2] }, .spread = 1 } },
                            .build = build,
                            .element = element,
                            .data = &data,
                            .limit = 1e-4,
                            .limit_bf16 = 1e-4,
                            .only = OP_TEST_CPU };

      op_test_check (&test);
    }
}

static void
test_refuses (void)
{
  g_autoptr (OpTestWeight) weight = op_test_matrix (4, 6);
  const Data data = { weight, NULL, FALSE, FALSE };
  OpTest     test = { .inputs = { { .shape = { 1, 1, 2, 5 }, .spread = 1 } },
                      .build = build,
                      .element = element,
                      .data = &data };

  op_test_refuses (&test, "channels meets 5");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/linear/odd-sizes", test_odd_sizes);
  g_test_add_func ("/linear/fused", test_fused);
  g_test_add_func ("/linear/many-rows", test_many_rows);
  g_test_add_func ("/linear/quantised", test_quantised);
  g_test_add_func ("/linear/refuses", test_refuses);
  return g_test_run ();
}
