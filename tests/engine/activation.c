/* Activation functions against libm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

static const LimnShape shapes[] = {
  { 1, 1, 1, 1 }, { 2, 3, 5, 7 }, { 1, 1, 9, 33 }, { 3, 1, 2, 1025 }, { 1, 33, 31, 40 }
};

typedef double (*Function) (double x);

static double
silu (double x)
{
  return x / (1 + exp (-x));
}

static double
gelu (double x)
{
  return x * erfc (-x / sqrt (2)) / 2;
}

static double
gelu_tanh (double x)
{
  return x * (1 + tanh (sqrt (2 / G_PI) * (x + 0.044715 * x * x * x))) / 2;
}

static double
quick_gelu (double x)
{
  return x / (1 + exp (-1.702 * x));
}

static double
relu (double x)
{
  return fmax (x, 0);
}

static double
leaky_relu (double x)
{
  return x < 0 ? 0.2 * x : x;
}

static const Function functions[LIMN_N_ACTIVATIONS] = {
  [LIMN_ACTIVATION_SILU] = silu,
  [LIMN_ACTIVATION_GELU] = gelu,
  [LIMN_ACTIVATION_GELU_TANH] = gelu_tanh,
  [LIMN_ACTIVATION_QUICK_GELU] = quick_gelu,
  [LIMN_ACTIVATION_RELU] = relu,
  [LIMN_ACTIVATION_TANH] = tanh,
  [LIMN_ACTIVATION_LEAKY_RELU] = leaky_relu,
};

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const LimnActivation *kind = test->data;

  return limn_activation (graph, inputs[0], *kind);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const LimnActivation *kind = test->data;

  return functions[*kind](op_test_at (inputs[0], n, y, x, c));
}

static void
check_all (double mean,
           double spread,
           double limit,
           guint  first)
{
  for (LimnActivation kind = 0; kind < LIMN_N_ACTIVATIONS; kind++)
    for (guint i = first; i < G_N_ELEMENTS (shapes); i++)
      {
        OpTest test = { .inputs = { { .shape = shapes[i], .mean = mean, .spread = spread } },
                        .build = build,
                        .element = element,
                        .data = &kind,
                        .limit = limit };

        op_test_check (&test);
      }
}

static void
test_ordinary (void)
{
  check_all (0, 4, 1e-13, 0);
}

static void
test_small (void)
{
  /* Where tanh and the tails would lose their digits to cancellation. One number alone may be so small that half floats have few. */
  check_all (0, 1e-3, 1e-13, 1);
}

static void
test_wide (void)
{
  check_all (0, 80, 1e-13, 0);
}

static void
test_refuses_an_unknown_kind (void)
{
  const LimnActivation kind = LIMN_N_ACTIVATIONS;
  OpTest               test = { .inputs = { { .shape = shapes[0] } }, .build = build, .data = &kind };

  op_test_refuses (&test, "no activation");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/activation/ordinary", test_ordinary);
  g_test_add_func ("/activation/small", test_small);
  g_test_add_func ("/activation/wide", test_wide);
  g_test_add_func ("/activation/refuses-an-unknown-kind", test_refuses_an_unknown_kind);
  return g_test_run ();
}
