/* The beta distribution's quantiles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/beta.h"

#include <math.h>

/* A zero divisor of a continued fraction becomes this (Thompson & Barnett, 1986). */
#define TINY 1e-300

#define TERMS 300

/* The fraction's m-th numerator: NIST's Digital Library of Mathematical Functions, 8.17.23. */
static double
numerator (double x,
           double a,
           double b,
           int    m)
{
  int k = m / 2;

  if (m % 2 == 0)
    return k * (b - k) * x / ((a + m - 1) * (a + m));
  return -(a + k) * (a + b + k) * x / ((a + m - 1) * (a + m));
}

/* 1 + d1 / (1 + d2 / (1 + …)), from the front, by Lentz's method. */
static double
fraction (double x,
          double a,
          double b)
{
  double value = 1, c = 1, d = 0;

  for (int m = 1; m <= TERMS; m++)
    {
      double term = numerator (x, a, b, m);

      d = 1 + term * d;
      d = 1 / (fabs (d) < TINY ? TINY : d);
      c = 1 + term / c;
      c = fabs (c) < TINY ? TINY : c;
      value *= c * d;
      if (fabs (c * d - 1) < 1e-16)
        break;
    }
  return value;
}

/* The share of Beta (a, b) below x: the regularised incomplete beta function (DLMF 8.17.22); the fraction is quick below the mean. */
static double
share_below (double x,
             double a,
             double b)
{
  double scale;

  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2))
    return 1 - share_below (1 - x, b, a);

  scale = exp (lgamma (a + b) - lgamma (a) - lgamma (b) + a * log (x) + b * log1p (-x));
  return scale / (a * fraction (x, a, b));
}

double
limn_beta_quantile (double p,
                    double a,
                    double b)
{
  double low = 0, high = 1;

  if (p <= 0 || p >= 1)
    return p <= 0 ? 0 : 1;

  while (high - low > 1e-15)
    {
      double middle = (low + high) / 2;

      if (middle <= low || middle >= high)
        break;
      if (share_below (middle, a, b) < p)
        low = middle;
      else
        high = middle;
    }
  return (low + high) / 2;
}
