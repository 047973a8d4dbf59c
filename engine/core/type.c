/* Element types of weights and activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/type.h"

#include <math.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const LimnTypeInfo types[LIMN_N_TYPES] = {
  [LIMN_F32] = { "f32", 1, 4, NULL },
  [LIMN_F16] = { "f16", 1, 2, NULL },
  [LIMN_BF16] = { "bf16", 1, 2, NULL },
  [LIMN_F8_E4M3] = { "f8-e4m3", 1, 1, NULL },
  [LIMN_F8_E5M2] = { "f8-e5m2", 1, 1, NULL },
  [LIMN_I32] = { "i32", 1, 4, NULL },
  [LIMN_Q8_0] = { "q8-0", 32, 34, limn_decode_q8_0 },
  [LIMN_Q4_0] = { "q4-0", 32, 18, limn_decode_q4_0 },
  [LIMN_Q4_1] = { "q4-1", 32, 20, limn_decode_q4_1 },
  [LIMN_Q5_0] = { "q5-0", 32, 22, limn_decode_q5_0 },
  [LIMN_Q5_1] = { "q5-1", 32, 24, limn_decode_q5_1 },
  [LIMN_Q2_K] = { "q2-k", 256, 84, limn_decode_q2_k },
  [LIMN_Q3_K] = { "q3-k", 256, 110, limn_decode_q3_k },
  [LIMN_Q4_K] = { "q4-k", 256, 144, limn_decode_q4_k },
  [LIMN_Q5_K] = { "q5-k", 256, 176, limn_decode_q5_k },
  [LIMN_Q6_K] = { "q6-k", 256, 210, limn_decode_q6_k },
  [LIMN_IQ4_NL] = { "iq4-nl", 32, 18, limn_decode_iq4_nl },
  [LIMN_IQ4_XS] = { "iq4-xs", 256, 136, limn_decode_iq4_xs },
  [LIMN_MXFP4] = { "mxfp4", 32, 17, limn_decode_mxfp4 },
  [LIMN_TQ1_0] = { "tq1-0", 256, 54, limn_decode_tq1_0 },
  [LIMN_TQ2_0] = { "tq2-0", 256, 66, limn_decode_tq2_0 },
};

const LimnTypeInfo *
limn_type_info (LimnType type)
{
  return &types[type];
}

gsize
limn_type_size (LimnType type)
{
  g_return_val_if_fail (types[type].elements == 1, 0);
  return types[type].size;
}

const char *
limn_type_name (LimnType type)
{
  return types[type].name;
}

static inline float
f32_from_bits (guint32 bits)
{
  float f;

  memcpy (&f, &bits, sizeof f);
  return f;
}

/* Widens a small IEEE-like float: subnormals are scaled instead of normalised by hand. */
static float
widen (guint32 sign,
       guint32 exponent,
       guint32 mantissa,
       int     mantissa_bits,
       int     bias)
{
  float magnitude;

  if (exponent == 0)
    magnitude = ldexpf ((float) mantissa, 1 - bias - mantissa_bits);
  else
    magnitude = f32_from_bits (((exponent + 127 - bias) << 23) | (mantissa << (23 - mantissa_bits)));
  return sign ? -magnitude : magnitude;
}

static float
f8_e4m3_to_f32 (guint8 b)
{
  if ((b & 0x7f) == 0x7f)
    return NAN;
  return widen (b >> 7, (b >> 3) & 15, b & 7, 3, 7);
}

static float
f8_e5m2_to_f32 (guint8 b)
{
  return limn_f16_to_f32 ((guint16) (b << 8));
}

static void
blocks_to_f32 (const LimnTypeInfo *info,
               const guint8       *from,
               float              *to,
               gsize               n)
{
  float last[LIMN_MAX_BLOCK];

  for (; n >= info->elements; n -= info->elements, from += info->size, to += info->elements)
    info->decode (from, to);
  if (n == 0)
    return;
  info->decode (from, last);
  memcpy (to, last, n * sizeof *to);
}

#if defined(__x86_64__)
/* Eight at once; returns how many that were. */
__attribute__ ((target ("avx,f16c"))) static gsize
f16_to_f32_by_eights (const guint16 *from,
                      float         *to,
                      gsize          n)
{
  gsize i;

  for (i = 0; i + 8 <= n; i += 8)
    _mm256_storeu_ps (to + i, _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) (from + i))));
  return i;
}
#endif

static void
f16_to_f32 (const guint16 *from,
            float         *to,
            gsize          n)
{
  gsize done = 0;

#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx2")) /* what has it has f16c, which clang 14 cannot ask for */
    done = f16_to_f32_by_eights (from, to, n);
#endif
  for (; done < n; done++)
    to[done] = limn_f16_to_f32 (from[done]);
}

static void
bf16_to_f32 (const guint16 *from,
             float         *to,
             gsize          n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    to[i] = limn_bf16_to_f32 (from[i]);
}

void
limn_type_to_f32 (LimnType    type,
                  const void *from,
                  float      *to,
                  gsize       n)
{
  switch (type)
    {
    case LIMN_F32:
      memcpy (to, from, n * sizeof *to);
      break;
    case LIMN_F16:
      f16_to_f32 (from, to, n);
      break;
    case LIMN_BF16:
      bf16_to_f32 (from, to, n);
      break;
    case LIMN_F8_E4M3:
      for (gsize i = 0; i < n; i++)
        to[i] = f8_e4m3_to_f32 (((const guint8 *) from)[i]);
      break;
    case LIMN_F8_E5M2:
      for (gsize i = 0; i < n; i++)
        to[i] = f8_e5m2_to_f32 (((const guint8 *) from)[i]);
      break;
    case LIMN_I32:
      for (gsize i = 0; i < n; i++)
        to[i] = (float) ((const gint32 *) from)[i];
      break;
    default:
      g_return_if_fail (types[type].decode != NULL);
      blocks_to_f32 (&types[type], from, to, n);
    }
}

/* Subnormals by adding a number whose last bit is theirs; normal numbers by rounding the 13 bits that go. */
guint16
limn_f16_from_f32 (float value)
{
  guint32 bits, sign, magnitude;

  memcpy (&bits, &value, sizeof bits);
  sign = bits >> 16 & 0x8000;
  magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return (guint16) (sign | 0x7e00);
  if (magnitude >= 0x477ff000) /* from 65520 on */
    return (guint16) (sign | 0x7c00);
  if (magnitude < 0x38800000) /* below 2⁻¹⁴ */
    {
      float shifted = f32_from_bits (magnitude) + 0.5f;

      memcpy (&magnitude, &shifted, sizeof magnitude);
      return (guint16) (sign | (magnitude - 0x3f000000));
    }
  magnitude += 0xc8000fff + (magnitude >> 13 & 1); /* exponent less 112, half of the last bit kept, ties to even */
  return (guint16) (sign | magnitude >> 13);
}

void
limn_type_from_f32 (LimnType     type,
                    const float *from,
                    void        *to,
                    gsize        n)
{
  switch (type)
    {
    case LIMN_F32:
      memcpy (to, from, n * sizeof *from);
      break;
    case LIMN_F16:
      for (gsize i = 0; i < n; i++)
        ((guint16 *) to)[i] = limn_f16_from_f32 (from[i]);
      break;
    case LIMN_BF16:
      for (gsize i = 0; i < n; i++)
        ((guint16 *) to)[i] = limn_bf16_from_f32 (from[i]);
      break;
    case LIMN_I32:
      for (gsize i = 0; i < n; i++)
        ((gint32 *) to)[i] = (gint32) from[i];
      break;
    default:
      g_return_if_reached ();
    }
}
