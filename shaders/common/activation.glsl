// The activations, numbered as LimnActivation is.
// SPDX-License-Identifier: GPL-3.0-or-later
const uint SILU = 0, GELU = 1, GELU_TANH = 2, QUICK_GELU = 3, RELU = 4, TANH = 5, LEAKY_RELU = 6;

float
sigmoid (float x)
{
  // Where exp overflows, the quotient is 0 as it should be.
  return 1.0 / (1.0 + exp (-x));
}

// tanh (x) by its odd series near 0, where 1 - 2 / (e²ˣ + 1) loses digits.
float
hyperbolic_tangent (float x)
{
  float a = abs (x), s = x * x;

  if (a < 0.25)
    return x * (1.0 + s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * (62.0 / 2835.0)))));
  return sign (x) * (1.0 - 2.0 / (exp (2.0 * min (a, 15.0)) + 1.0));
}

// Φ (x), the normal distribution. With z = |x| / √2 the tail is erfc (z) / 2; near 0 the series of erf keeps the digits.
float
normal_cdf (float x)
{
  float z = abs (x) * 0.70710678118654752, tail;

  if (z < 0.5)
    {
      float s = z * z;
      float erf = z * 1.1283791670955126 * (1.0 + s * (-1.0 / 3.0 + s * (1.0 / 10.0 + s * (-1.0 / 42.0 + s * (1.0 / 216.0 + s * (-1.0 / 1320.0 + s / 9360.0))))));

      return 0.5 + 0.5 * sign (x) * erf;
    }
  // erfc (z) = exp (-z² + P (t)), t = 1 / (1 + z / 2): W. H. Press et al., Numerical Recipes, chapter 6.2, relative error 1.2e-7.
  float t = 1.0 / (1.0 + 0.5 * z);

  tail = 0.5 * t * exp (-z * z - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))));
  return x > 0.0 ? 1.0 - tail : tail;
}

float
activate (uint kind, float x)
{
  switch (kind)
    {
    case SILU:
      return x * sigmoid (x);
    case GELU:
      return x * normal_cdf (x);
    case GELU_TANH:
      return x * sigmoid (x * (1.59576912 + 0.0713548163 * x * x));
    case QUICK_GELU:
      return x * sigmoid (1.702 * x);
    case RELU:
      return max (x, 0.0);
    case TANH:
      return hyperbolic_tangent (x);
    case LEAKY_RELU:
      return max (x, 0.2 * x);
    default:
      return x;
    }
}

// Up to three activations as constants: 0 is none, else 1 + its number. What is not wanted is not compiled, and devices that
// take all ways at once do not pay for it.
#define ACTIVATIONS(id_0, id_1, id_2)                           \
  layout (constant_id = id_0) const uint ACTIVATION_0 = 0;      \
  layout (constant_id = id_1) const uint ACTIVATION_1 = 0;      \
  layout (constant_id = id_2) const uint ACTIVATION_2 = 0;      \
                                                                \
  float activate_all (float x)                                  \
  {                                                             \
    if (ACTIVATION_0 != 0)                                      \
      x = activate (ACTIVATION_0 - 1, x);                       \
    if (ACTIVATION_1 != 0)                                      \
      x = activate (ACTIVATION_1 - 1, x);                       \
    return ACTIVATION_2 != 0 ? activate (ACTIVATION_2 - 1, x) : x; \
  }
