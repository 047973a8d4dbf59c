/* Layer normalisation against a loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

typedef struct
{
  OpTestWeight *weight, *bias;
} Data;

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const Data *data = test->data;

  return limn_layer_norm (graph, inputs[0], data->weight != NULL ? &data->weight->weight : NULL,
                          data->bias != NULL ? &data->bias->weight : NULL, 1e-5f);
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
  double      mean = 0, variance = 0, value;

  for (int i = 0; i < channels; i++)
    mean += op_test_at (inputs[0], n, y, x, i) / channels;
  for (int i = 0; i < channels; i++)
    variance += pow (op_test_at (inputs[0], n, y, x, i) - mean, 2) / channels;
  value = (op_test_at (inputs[0], n, y, x, c) - mean) / sqrt (variance + 1e-5);
  value = data->weight != NULL ? value * (double) data->weight->values[c] : value;
  return data->bias != NULL ? value + (double) data->bias->values[c] : value;
}

static void
check (LimnShape shape,
       double    mean)
{
  g_autoptr (OpTestWeight) weight = op_test_vector (shape.c, 1);
  g_autoptr (OpTestWeight) bias = op_test_vector (shape.c, 0);
  const Data forms[] = { { weight, bias }, { weight, NULL }, { NULL, bias }, { NULL, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      OpTest test = { .inputs = { { .shape = shape, .mean = mean, .spread = 2 } },
                      .build = build,
                      .element = element,
                      .data = &forms[i] };

      op_test_check (&test);
    }
}

static void
test_odd_sizes (void)
{
  for (int size = 2; size <= 33; size += 5)
    check ((LimnShape){ 2, 1, size, size * 3 + 1 }, 0.5);
  check ((LimnShape){ 1, 1, 3, 1029 }, 0.5);
  check ((LimnShape){ 1, 1, 77, 768 }, 0.5);
}

static void
test_mean_far_from_zero (void)
{
  check ((LimnShape){ 1, 1, 5, 640 }, 30);
}

static LimnTensor *
build_silu (LimnGraph         *graph,
            LimnTensor *const *inputs,
            const OpTest      *test)
{
  return limn_activation (graph, build (graph, inputs, test), LIMN_ACTIVATION_SILU);
}

static double
silu (const OpTest     *test,
      LimnArray *const *inputs,
      int               n,
      int               y,
      int               x,
      int               c)
{
  double value = element (test, inputs, n, y, x, c);

  return value / (1 + exp (-value));
}

static void
test_then_activation (void)
{
  Data   data = { NULL, NULL };
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 37 }, .spread = 2 } },
                  .build = build_silu,
                  .element = silu,
                  .data = &data };

  op_test_check (&test);
}

static void
test_refuses_other_weights (void)
{
  g_autoptr (OpTestWeight) vector = op_test_vector (6, 0);
  g_autoptr (OpTestWeight) matrix = op_test_matrix (1, 7);
  Data   data = { vector, NULL };
  OpTest test = { .inputs = { { .shape = { 2, 3, 5, 7 } } }, .build = build, .data = &data };

  op_test_refuses (&test, "6 numbers");
  data.weight = matrix;
  op_test_refuses (&test, "2 dimensions");
  data = (Data){ NULL, vector };
  op_test_refuses (&test, "6 numbers");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layer-norm/odd-sizes", test_odd_sizes);
  g_test_add_func ("/layer-norm/mean-far-from-zero", test_mean_far_from_zero);
  g_test_add_func ("/layer-norm/then-activation", test_then_activation);
  g_test_add_func ("/layer-norm/refuses-other-weights", test_refuses_other_weights);
  return g_test_run ();
}
