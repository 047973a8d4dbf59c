/* Element types of weights and activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* LIMN_F16 is IEEE binary16; LIMN_BF16 the upper half of binary32; LIMN_F8_* are OCP 8-bit formats (e4m3fn, e5m2). */
typedef enum
{
  LIMN_F32,
  LIMN_F16,
  LIMN_BF16,
  LIMN_F8_E4M3,
  LIMN_F8_E5M2,
  LIMN_I32,
  LIMN_N_TYPES
} LimnType;

/**
 * limn_type_size:
 *
 * Returns: bytes an element of @type takes
 */
gsize limn_type_size (LimnType type);

/**
 * limn_type_name:
 *
 * Returns: (transfer none): "f32", "f16", "bf16", "f8-e4m3", "f8-e5m2" or "i32"
 */
const char *limn_type_name (LimnType type);

/**
 * limn_type_to_f32:
 * @from: @n elements of @type
 * @to: @n floats
 *
 * Converts exactly (every value of the small types is a binary32 value). Any thread.
 */
void limn_type_to_f32 (LimnType    type,
                       const void *from,
                       float      *to,
                       gsize       n);

/**
 * limn_bf16_from_f32:
 *
 * Returns: @value rounded to the nearest bfloat16, ties to even; NaN stays NaN
 */
static inline guint16
limn_bf16_from_f32 (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return (bits >> 16) | 0x40;
  return (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
}

/**
 * limn_f16_from_f32:
 *
 * Returns: @value rounded to the nearest binary16, ties to even; NaN stays NaN, what is too large becomes infinite
 */
guint16 limn_f16_from_f32 (float value);

/**
 * limn_type_from_f32:
 * @to: @n elements of @type: %LIMN_F32, %LIMN_F16 or %LIMN_BF16, rounded to nearest, or %LIMN_I32, truncated
 */
void limn_type_from_f32 (LimnType     type,
                         const float *from,
                         void        *to,
                         gsize        n);

static inline float
limn_bf16_to_f32 (guint16 value)
{
  guint32 bits = (guint32) value << 16;
  float   f;

  memcpy (&f, &bits, sizeof f);
  return f;
}

G_END_DECLS
