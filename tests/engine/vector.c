/* Elementary functions of the kernels against libm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/vector.h"

static double
denominator (double x)
{
  return 1 + exp (-x);
}

static double
normal_cdf (double x)
{
  return erfc (-x / sqrt (2)) / 2;
}

/* The largest relative error at evenly spread floats between @from and @to. */
static double
worst (float (*got) (float),
       double (*want) (double),
       float from,
       float to)
{
  const int steps = 200000;
  double    error = 0;

  for (int i = 0; i <= steps; i++)
    {
      float  x = from + (to - from) * (float) i / (float) steps;
      double exact = want ((double) x);

      error = exact != 0 ? fmax (error, fabs ((double) got (x) - exact) / fabs (exact)) : error;
    }
  g_test_message ("%g to %g: %.2e", (double) from, (double) to, error);
  return error;
}

static void
test_exp (void)
{
  g_assert_cmpfloat (worst (limn_exp, exp, -87.3f, 88.3f), <=, 2e-7);
  g_assert_cmpfloat (worst (limn_exp, exp, -1, 1), <=, 2e-7);
  g_assert_cmpfloat (limn_exp (0), ==, 1);
  g_assert_cmpfloat (limn_exp (-INFINITY), ==, 0);
  g_assert_cmpfloat (limn_exp (-1e30f), ==, 0);
  g_assert_true (isnan (limn_exp (NAN)));
}

static void
test_logistic_denominator (void)
{
  g_assert_cmpfloat (worst (limn_logistic_denominator, denominator, -87, 87), <=, 2e-7);
  g_assert_cmpfloat (worst (limn_logistic_denominator, denominator, 0, 1000), <=, 2e-7);
  g_assert_cmpfloat (limn_logistic_denominator (-1000), ==, limn_logistic_denominator (-87));
  g_assert_true (isfinite (limn_logistic_denominator (-INFINITY)));
  g_assert_cmpfloat (limn_logistic_denominator (INFINITY), ==, 1);
}

static void
test_tanh (void)
{
  g_assert_cmpfloat (worst (limn_tanh, tanh, -20, 20), <=, 3e-7);
  g_assert_cmpfloat (worst (limn_tanh, tanh, -1, 1), <=, 3e-7);
  g_assert_cmpfloat (worst (limn_tanh, tanh, -1e-6f, 1e-6f), <=, 3e-7);
  g_assert_cmpfloat (limn_tanh (-INFINITY), ==, -1);
  g_assert_true (isnan (limn_tanh (NAN)));
}

static void
test_normal_cdf (void)
{
  g_assert_cmpfloat (worst (limn_normal_cdf, normal_cdf, 0, 20), <=, 5e-7);
  g_assert_cmpfloat (worst (limn_normal_cdf, normal_cdf, -5, 0), <=, 1e-6);
  g_assert_cmpfloat (limn_normal_cdf (-INFINITY), ==, 0);
  g_assert_cmpfloat (limn_normal_cdf (INFINITY), ==, 1);
  g_assert_true (isnan (limn_normal_cdf (NAN)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vector/exp", test_exp);
  g_test_add_func ("/vector/logistic-denominator", test_logistic_denominator);
  g_test_add_func ("/vector/tanh", test_tanh);
  g_test_add_func ("/vector/normal-cdf", test_normal_cdf);
  return g_test_run ();
}
