/* Element types of weights and activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/quants.h"

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* LIMN_F16 is IEEE binary16; LIMN_BF16 the upper half of binary32; LIMN_F8_* are OCP 8-bit formats (e4m3fn, e5m2). From LIMN_Q8_0 on:
 * weights only, quantised in blocks, as GGUF files have them. */
typedef enum
{
  LIMN_F32,
  LIMN_F16,
  LIMN_BF16,
  LIMN_F8_E4M3,
  LIMN_F8_E5M2,
  LIMN_I32,
  LIMN_Q8_0,
  LIMN_Q4_0,
  LIMN_Q4_1,
  LIMN_Q5_0,
  LIMN_Q5_1,
  LIMN_Q2_K,
  LIMN_Q3_K,
  LIMN_Q4_K,
  LIMN_Q5_K,
  LIMN_Q6_K,
  LIMN_IQ4_NL,
  LIMN_IQ4_XS,
  LIMN_MXFP4,
  LIMN_TQ1_0,
  LIMN_TQ2_0,
  LIMN_N_TYPES
} LimnType;

/**
 * LimnTypeInfo:
 * @name: "f32", "f8-e4m3", "q4-k", …
 * @elements: that a block has: 1 unless the type is quantised in blocks, at most %LIMN_MAX_BLOCK
 * @size: bytes that a block takes
 * @decode: (nullable): the decoder of a block; %NULL where each element is a number by itself
 */
typedef struct
{
  const char      *name;
  gsize            elements;
  gsize            size;
  LimnBlockDecoder decode;
} LimnTypeInfo;

/**
 * limn_type_info:
 *
 * Returns: (transfer none): the facts of @type
 */
const LimnTypeInfo *limn_type_info (LimnType type);

/**
 * limn_type_size:
 * @type: one that is not quantised in blocks: activations never are
 *
 * Returns: bytes an element of @type takes
 */
gsize limn_type_size (LimnType type);

/**
 * limn_type_name:
 *
 * Returns: (transfer none): "f32", "f16", "bf16", "f8-e4m3", "f8-e5m2", "i32", "q8-0", "q4-k", …
 */
const char *limn_type_name (LimnType type);

/**
 * limn_type_to_f32:
 * @from: @n elements of @type, aligned for it; from the beginning of a block on
 * @to: @n floats
 *
 * Converts exactly: every value of the small types is a binary32 value, and blocks are what their numbers and scales multiply to in
 * binary32. Any thread.
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

/* Without branches, so that loops over it become vector instructions: shifted into place, the exponent is 112 too small for normal
 * and subnormal numbers alike, which a multiplication mends; infinity and NaN get the largest exponent instead. */
static inline float
limn_f16_to_f32 (guint16 value)
{
  guint32 bits = (guint32) (value & 0x7fff) << 13, special = -(guint32) ((value & 0x7c00) == 0x7c00), scaled_bits;
  guint32 nan = (guint32) ((value & 0x7fff) > 0x7c00) << 22; /* quiet, as processors convert it */
  float   scaled;

  memcpy (&scaled, &bits, sizeof scaled);
  scaled *= 0x1p112f;
  memcpy (&scaled_bits, &scaled, sizeof scaled_bits);
  bits = (scaled_bits & ~special) | ((bits | 0x7f800000 | nan) & special) | (guint32) (value & 0x8000) << 16;
  memcpy (&scaled, &bits, sizeof scaled);
  return scaled;
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
