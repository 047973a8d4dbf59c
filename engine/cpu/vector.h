/* Vector arithmetic in plain C: rows of floats and bfloat16, and elementary functions that the compiler vectorises.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/type.h"

#include <math.h>

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

G_BEGIN_DECLS

/* The functions of one number have neither branches nor calls, so that a loop over them under `#pragma omp simd` becomes vector
 * instructions at every level. NaN stays NaN. Relative errors are those measured by tests/engine/vector.c. */

/**
 * limn_exp_part:
 * @x: from -87.3 to 88.3, so that 2ⁿ is a normal number
 *
 * exp (x) = 2ⁿ · exp (r), |r| ≤ ln 2 / 2, the second by a minimax polynomial (3e-9).
 *
 * Returns: e to the power @x, relative error at most 2e-7
 */
static inline float
limn_exp_part (float x)
{
  const float round = 12583039.0f; /* 1.5 · 2²³ + 127: adding it leaves the nearest integer, as an exponent, in the low bits */
  float       shifted = x * 1.44269504f + round;
  float       n = shifted - round;
  float       r = x - n * 0.693359375f + n * 2.12194440e-4f; /* ln 2 in two parts (Cody & Waite, 1980) */
  float       q = 1.3950478e-3f;
  guint32     bits;
  float       power;

  q = q * r + 8.3688823e-3f;
  q = q * r + 4.1666206e-2f;
  q = q * r + 1.6666519e-1f;
  q = q * r + 0.5f;
  memcpy (&bits, &shifted, sizeof bits);
  bits <<= 23;
  memcpy (&power, &bits, sizeof power);
  return (q * r * r + r + 1.0f) * power;
}

/* Returns: e to the power @x, which is at most 88.3, relative error at most 2e-7; 0 below -87.3 */
static inline float
limn_exp (float x)
{
  float result = limn_exp_part (x);

  return x < -87.3f ? 0.0f : result;
}

/**
 * limn_logistic_denominator:
 * @x: taken for ±87 beyond that (in integers: a comparison of floats would be made a branch, and both its ways computed), NaN too
 *
 * For x · sigmoid (x) = x / limn_logistic_denominator (x) and the like; the dividend carries a NaN on.
 *
 * Returns: 1 + exp (-x), relative error at most 2e-7
 */
static inline float
limn_logistic_denominator (float x)
{
  const guint32 limit = 0x42ae0000; /* 87 */
  guint32       bits, size;
  float         negative;

  memcpy (&bits, &x, sizeof bits);
  size = bits & 0x7fffffff;
  size = size < limit ? size : limit;
  bits = size | (~bits & 0x80000000);
  memcpy (&negative, &bits, sizeof negative);
  return 1.0f + limn_exp_part (negative);
}

/* Returns: tanh (x), relative error at most 3e-7; by a polynomial where 1 - exp (-2x) would cancel */
static inline float
limn_tanh (float x)
{
  float z = x * x;
  float e = limn_exp (-2.0f * fabsf (x));
  float large = copysignf ((1.0f - e) / (1.0f + e), x);
  float p = -5.7170450e-3f;

  p = p * z + 2.0650587e-2f;
  p = p * z - 5.3743498e-2f;
  p = p * z + 1.3331491e-1f;
  p = p * z - 3.3333284e-1f;
  return fabsf (x) < 0.625f ? x + x * z * p : large;
}

/**
 * limn_normal_cdf:
 *
 * With z = |x| / √2, the tail is erfc (z) / 2 = t P (t) exp (-z²), t = 1 / (1 + 0.33 z): the form of Abramowitz & Stegun 7.1.26. P is
 * a polynomial of degree 7 fitted to a relative error of 1e-7 in z < 10; the rest of the error is rounding.
 *
 * Returns: Φ (x) = (1 + erf (x / √2)) / 2, relative error at most 5e-7 in x > 0 and 1e-6 in -5 < x
 */
static inline float
limn_normal_cdf (float x)
{
  float t = 1.0f / (1.0f + 0.233345238f * fabsf (x));
  float p = -6.76722150e-02f;
  float tail;

  p = p * t + 2.30116040e-01f;
  p = p * t - 1.75570679e-01f;
  p = p * t + 2.04246295e-01f;
  p = p * t + 2.36122147e-02f;
  p = p * t + 1.00611389e-01f;
  p = p * t + 9.14780575e-02f;
  p = p * t + 9.31788960e-02f;
  tail = p * t * limn_exp (-0.5f * x * x);
  return x < 0 ? tail : 1.0f - tail;
}

static inline void
limn_bf16_row_to_f32 (const guint16 *from,
                      float         *to,
                      gsize          n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits = (guint32) from[i] << 16;

      memcpy (&to[i], &bits, sizeof bits);
    }
}

/* Rounds to the nearest, ties to even. The instruction also makes numbers below 2⁻¹²⁶ zero. */
static inline void
limn_f32_row_to_bf16 (const float *from,
                      guint16     *to,
                      gsize        n)
{
  gsize first = 0;

#ifdef __AVX512BF16__
  for (; first + 16 <= n; first += 16)
    _mm256_storeu_si256 ((__m256i_u *) (to + first),
                         (__m256i) _mm512_cvtneps_pbh (_mm512_loadu_ps (from + first)));
#endif
#pragma omp simd
  for (gsize i = first; i < n; i++)
    to[i] = limn_bf16_from_f32 (from[i]);
}

/**
 * limn_load:
 * @type: %LIMN_F32 or %LIMN_BF16
 * @at: element to begin at
 * @buffer: room for @n floats
 *
 * Returns: @n elements as floats: where they are, or converted into @buffer
 */
static inline const float *
limn_load (LimnType    type,
           const void *from,
           gsize       at,
           gsize       n,
           float      *buffer)
{
  if (type == LIMN_F32)
    return (const float *) from + at;
  limn_bf16_row_to_f32 ((const guint16 *) from + at, buffer, n);
  return buffer;
}

/* Returns: where to compute what limn_store() then puts at @at: there, or in @buffer if it has to be rounded */
static inline float *
limn_target (LimnType type,
             void    *to,
             gsize    at,
             float   *buffer)
{
  return type == LIMN_F32 ? (float *) to + at : buffer;
}

/* @from: of limn_target() */
static inline void
limn_store (LimnType     type,
            const float *from,
            void        *to,
            gsize        at,
            gsize        n)
{
  if (type == LIMN_BF16)
    limn_f32_row_to_bf16 (from, (guint16 *) to + at, n);
}

G_END_DECLS
