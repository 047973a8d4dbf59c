/* Element types of weights and activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/type.h"

#include <math.h>

static const struct
{
  const char *name;
  gsize       size;
} types[LIMN_N_TYPES] = {
  [LIMN_F32] = { "f32", 4 },
  [LIMN_F16] = { "f16", 2 },
  [LIMN_BF16] = { "bf16", 2 },
  [LIMN_F8_E4M3] = { "f8-e4m3", 1 },
  [LIMN_F8_E5M2] = { "f8-e5m2", 1 },
  [LIMN_I32] = { "i32", 4 },
};

gsize
limn_type_size (LimnType type)
{
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

/* Without branches, so that loops over it become vector instructions: shifted into place, the exponent is 112 too small for normal
 * and subnormal numbers alike, which a multiplication mends; infinity and NaN get the largest exponent instead. */
static inline float
f16_to_f32 (guint16 h)
{
  guint32 magnitude = (guint32) (h & 0x7fff) << 13, bits,
          special = -(guint32) ((h & 0x7c00) == 0x7c00);
  float scaled = f32_from_bits (magnitude) * 0x1p112f;

  memcpy (&bits, &scaled, sizeof bits);
  bits = (bits & ~special) | ((magnitude | 0x7f800000) & special);
  return f32_from_bits (bits | ((guint32) (h & 0x8000) << 16));
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
  return f16_to_f32 ((guint16) (b << 8));
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
      for (gsize i = 0; i < n; i++)
        to[i] = f16_to_f32 (((const guint16 *) from)[i]);
      break;
    case LIMN_BF16:
      for (gsize i = 0; i < n; i++)
        to[i] = limn_bf16_to_f32 (((const guint16 *) from)[i]);
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
    case LIMN_N_TYPES:
    default:
      g_return_if_reached ();
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
    case LIMN_F8_E4M3:
    case LIMN_F8_E5M2:
    case LIMN_N_TYPES:
    default:
      g_return_if_reached ();
    }
}
