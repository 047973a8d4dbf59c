/* Weights as activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

typedef struct
{
  OpTestWeight *weight;
  gboolean      flat;
} Data;

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const Data *data = test->data;

  return limn_constant (graph, &data->weight->weight, data->flat);
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
  gint64      columns = data->weight->weight.dims[data->weight->weight.n_dims - 1];

  return (double) data->weight->values[x * columns + c];
}

static void
test_shapes (void)
{
  const gint64 dims[] = { 1, 3, 17 };

  for (int first = 0; first < 3; first++)
    for (int flat = 0; flat < 2; flat++)
      {
        g_autoptr (OpTestWeight) weight = op_test_weight_new (3 - first, dims + first, 0, 1);
        Data   data = { weight, flat };
        OpTest test = {
          .build = build, .element = element, .data = &data, .limit = 1e-30, .limit_bf16 = 1e-30
        };

        op_test_check (&test);
      }
}

static void
test_is_flat_on_request (void)
{
  g_autoptr (OpTestWeight) weight = op_test_matrix (3, 5);
  g_autoptr (LimnGraph) graph = limn_graph_new (LIMN_BF16);
  LimnTensor *rows = limn_constant (graph, &weight->weight, FALSE);
  LimnTensor *flat = limn_constant (graph, &weight->weight, TRUE);

  g_assert_true (limn_shape_equal (rows->shape, (LimnShape){ 1, 1, 3, 5 }));
  g_assert_true (limn_shape_equal (flat->shape, (LimnShape){ 1, 1, 1, 15 }));
  g_assert_cmpint (rows->type, ==, LIMN_BF16);
}

static void
test_refuses_what_is_no_matrix (void)
{
  const gint64 dims[] = { 2, 3, 4 };
  g_autoptr (OpTestWeight) weight = op_test_weight_new (3, dims, 0, 1);
  Data   data = { weight, FALSE };
  OpTest test = { .build = build, .data = &data };

  op_test_refuses (&test, "3 dimensions");
  weight->weight.n_dims = 0;
  op_test_refuses (&test, "0 dimensions");
  weight->weight.n_dims = 2;
  op_test_refuses (&test, "2 × 3");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/constant/shapes", test_shapes);
  g_test_add_func ("/constant/is-flat-on-request", test_is_flat_on_request);
  g_test_add_func ("/constant/refuses-what-is-no-matrix", test_refuses_what_is_no_matrix);
  return g_test_run ();
}
