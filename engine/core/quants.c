/* Decoders of block-quantised element types, as GGUF files have them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/quants.h"

#include "engine/core/type.h"

#include <math.h>

/* Numbers that a block of the simple types has, and half of them: the low four bits of that many bytes come first, then the high ones. */
#define BLOCK 32
#define HALF (BLOCK / 2)

static inline float
half_float (const guint8 *bytes)
{
  return limn_f16_to_f32 ((guint16) (bytes[0] | bytes[1] << 8));
}

static inline void
split_halves (const guint8 *bytes,
              int          *numbers)
{
  for (int i = 0; i < HALF; i++)
    {
      numbers[i] = bytes[i] & 15;
      numbers[i + HALF] = bytes[i] >> 4;
    }
}

/* The fifth bits of a block, one after the other. */
static inline void
add_fifth_bits (const guint8 *bytes,
                int          *numbers)
{
  for (int i = 0; i < BLOCK; i++)
    numbers[i] |= (bytes[i / 8] >> i % 8 & 1) << 4;
}

/* to = scale · (numbers + shift) + offset */
static inline void
spread (const int *numbers,
        int        n,
        float      scale,
        int        shift,
        float      offset,
        float     *to)
{
  for (int i = 0; i < n; i++)
    to[i] = scale * (float) (numbers[i] + shift) + offset;
}

static inline void
look_up (const gint8 *steps,
         const int   *numbers,
         float        scale,
         float       *to)
{
  for (int i = 0; i < BLOCK; i++)
    to[i] = scale * (float) steps[numbers[i]];
}

void
limn_decode_q8_0 (const guint8 *block, float *to)
{
  float scale = half_float (block);

  for (int i = 0; i < BLOCK; i++)
    to[i] = scale * (float) (gint8) block[2 + i];
}

void
limn_decode_q4_0 (const guint8 *block, float *to)
{
  int numbers[BLOCK];

  split_halves (block + 2, numbers);
  spread (numbers, BLOCK, half_float (block), -8, 0, to);
}

void
limn_decode_q4_1 (const guint8 *block, float *to)
{
  int numbers[BLOCK];

  split_halves (block + 4, numbers);
  spread (numbers, BLOCK, half_float (block), 0, half_float (block + 2), to);
}

void
limn_decode_q5_0 (const guint8 *block, float *to)
{
  int numbers[BLOCK];

  split_halves (block + 6, numbers);
  add_fifth_bits (block + 2, numbers);
  spread (numbers, BLOCK, half_float (block), -16, 0, to);
}

void
limn_decode_q5_1 (const guint8 *block, float *to)
{
  int numbers[BLOCK];

  split_halves (block + 8, numbers);
  add_fifth_bits (block + 4, numbers);
  spread (numbers, BLOCK, half_float (block), 0, half_float (block + 2), to);
}

/* --- blocks of 256 ----------------------------------------------------------------------------------------------- */

/* Two bits each: 32 bytes hold four lines of 32 numbers, the next 32 bytes the next four. @group: of 16 numbers. */
static inline void
split_quarters (const guint8 *bytes,
                int           group,
                int          *numbers)
{
  const guint8 *from = bytes + 32 * (group / 8) + 16 * (group % 2);
  int           shift = 2 * (group / 2 % 4);

  for (int i = 0; i < 16; i++)
    numbers[i] = from[i] >> shift & 3;
}

/* Scale and offset in four bits each, of 16 numbers; then the numbers, then what both are multiples of. */
void
limn_decode_q2_k (const guint8 *block, float *to)
{
  float scale = half_float (block + 80), offset = half_float (block + 82);

  for (int group = 0; group < 16; group++)
    {
      int numbers[16];

      split_quarters (block + 16, group, numbers);
      spread (numbers, 16, scale * (float) (block[group] & 15), 0, -(offset * (float) (block[group] >> 4)), to + 16 * group);
    }
}

/* A third bit, in front, whose absence takes 4 away; scales of six bits, their upper two apart. */
void
limn_decode_q3_k (const guint8 *block, float *to)
{
  const guint8 *third = block, *scales = block + 96;
  float         scale = half_float (block + 108);

  for (int group = 0; group < 16; group++)
    {
      int low = scales[group % 8] >> 4 * (group / 8) & 15, high = scales[8 + group % 4] >> 2 * (group / 4) & 3;
      int numbers[16];

      split_quarters (block + 32, group, numbers);
      for (int i = 0; i < 16; i++)
        numbers[i] |= (third[16 * (group % 2) + i] >> group / 2 & 1) << 2;
      spread (numbers, 16, scale * (float) ((low | high << 4) - 32), -4, 0, to + 16 * group);
    }
}

/* Scale and offset of a group of 32, in six bits each: 12 bytes for 8 groups, the later ones' upper bits in the earlier ones' bytes. */
static inline void
split_scales (const guint8 *bytes,
              int           group,
              int          *scale,
              int          *offset)
{
  if (group < 4)
    {
      *scale = bytes[group] & 63;
      *offset = bytes[group + 4] & 63;
      return;
    }
  *scale = (bytes[group + 4] & 15) | bytes[group - 4] >> 6 << 4;
  *offset = bytes[group + 4] >> 4 | bytes[group] >> 6 << 4;
}

/* @fifth: (nullable): 32 bytes, a bit of each for a group */
static inline void
decode_with_offsets (const guint8 *block,
                     const guint8 *fifth,
                     const guint8 *bytes,
                     float        *to)
{
  float scale = half_float (block), offset = half_float (block + 2);

  for (int group = 0; group < 8; group++)
    {
      const guint8 *from = bytes + 32 * (group / 2);
      int           numbers[BLOCK], times, minus;

      split_scales (block + 4, group, &times, &minus);
      for (int i = 0; i < BLOCK; i++)
        numbers[i] = (from[i] >> 4 * (group % 2) & 15) | (fifth != NULL ? (fifth[i] >> group & 1) << 4 : 0);
      spread (numbers, BLOCK, scale * (float) times, 0, -(offset * (float) minus), to + BLOCK * group);
    }
}

void
limn_decode_q4_k (const guint8 *block, float *to)
{
  decode_with_offsets (block, NULL, block + 16, to);
}

void
limn_decode_q5_k (const guint8 *block, float *to)
{
  decode_with_offsets (block, block + 16, block + 48, to);
}

/* Lines of 32 numbers: four low bits of the first two lines lie under those of the next two; two high bits of all four share bytes. */
void
limn_decode_q6_k (const guint8 *block, float *to)
{
  const guint8 *low = block, *high = block + 128;
  float         scale = half_float (block + 208);

  for (int group = 0; group < 16; group++)
    {
      int line = group / 2 % 4, half = group / 8, at = 16 * (group % 2), numbers[16];

      for (int i = 0; i < 16; i++)
        numbers[i] = (low[64 * half + 32 * (line % 2) + at + i] >> 4 * (line / 2) & 15) | (high[32 * half + at + i] >> 2 * line & 3) << 4;
      spread (numbers, 16, scale * (float) (gint8) block[192 + group], -32, 0, to + 16 * group);
    }
}

/* --- uneven steps ------------------------------------------------------------------------------------------------ */

static const gint8 iq4_steps[16] = { -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113 };

/* Twice the values of an E2M1 float (OCP microscaling formats 1.0). */
static const gint8 fp4_steps[16] = { 0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12 };

void
limn_decode_iq4_nl (const guint8 *block, float *to)
{
  int numbers[BLOCK];

  split_halves (block + 2, numbers);
  look_up (iq4_steps, numbers, half_float (block), to);
}

/* Scales of six bits for groups of 32: the upper two of all groups, then the lower four, then the numbers. */
void
limn_decode_iq4_xs (const guint8 *block, float *to)
{
  float scale = half_float (block);

  for (int group = 0; group < 8; group++)
    {
      int high = block[2 + group / 4] >> 2 * (group % 4) & 3, low = block[4 + group / 2] >> 4 * (group % 2) & 15;
      int numbers[BLOCK];

      split_halves (block + 8 + HALF * group, numbers);
      look_up (iq4_steps, numbers, scale * (float) ((low | high << 4) - 32), to + BLOCK * group);
    }
}

void
limn_decode_mxfp4 (const guint8 *block, float *to)
{
  int numbers[BLOCK];

  split_halves (block + 1, numbers);
  look_up (fp4_steps, numbers, ldexpf (0.5f, block[0] - 127), to);
}

/* --- three values ------------------------------------------------------------------------------------------------ */

/* A byte is a fraction of 256 in base 3: a digit goes over the top with each multiplication by 3. */
static float *
split_thirds (const guint8 *bytes,
              int           n,
              int           digits,
              float         scale,
              float        *to)
{
  for (int digit = 0, power = 1; digit < digits; digit++, power *= 3)
    for (int i = 0; i < n; i++)
      *to++ = scale * (float) (((guint8) (bytes[i] * power) * 3 >> 8) - 1);
  return to;
}

void
limn_decode_tq1_0 (const guint8 *block, float *to)
{
  float scale = half_float (block + 52);

  to = split_thirds (block, 32, 5, scale, to);
  to = split_thirds (block + 32, 16, 5, scale, to);
  split_thirds (block + 48, 4, 4, scale, to);
}

void
limn_decode_tq2_0 (const guint8 *block, float *to)
{
  float scale = half_float (block + 64);

  for (int group = 0; group < 16; group++)
    {
      int numbers[16];

      split_quarters (block, group, numbers);
      spread (numbers, 16, scale, -1, 0, to + 16 * group);
    }
}
