/* Block-quantised types: every one against its definition, element by element, whole and in ranges.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/weights.h"

#include <math.h>

/* What element @i of a block is, by the definition of its type, in double precision. */
typedef double (*Definition) (const guint8 *b,
                              int           i);

static double
half_at (const guint8 *b)
{
  int bits = b[0] + 256 * b[1], exponent = bits >> 10 & 31, mantissa = bits & 1023;

  g_assert_cmpint (exponent, <, 31);
  return (bits & 0x8000 ? -1 : 1) * ldexp (exponent > 0 ? 1024 + mantissa : mantissa, MAX (exponent, 1) - 25);
}

/* Bits @first to @first + @n of a byte. */
static int
bits_of (guint8 byte,
         int    first,
         int    n)
{
  return byte / (1 << first) % (1 << n);
}

/* The halves of a byte hold the numbers i and i + 16. */
static int
nibble (const guint8 *b,
        int           i)
{
  return bits_of (b[i % 16], i / 16 * 4, 4);
}

static int
fifth (const guint8 *b,
       int           i)
{
  return 16 * bits_of (b[i / 8], i % 8, 1);
}

static double
q8_0 (const guint8 *b, int i)
{
  return half_at (b) * (b[2 + i] < 128 ? b[2 + i] : b[2 + i] - 256);
}

static double
q4_0 (const guint8 *b, int i)
{
  return half_at (b) * (nibble (b + 2, i) - 8);
}

static double
q4_1 (const guint8 *b, int i)
{
  return half_at (b) * nibble (b + 4, i) + half_at (b + 2);
}

static double
q5_0 (const guint8 *b, int i)
{
  return half_at (b) * (nibble (b + 6, i) + fifth (b + 2, i) - 16);
}

static double
q5_1 (const guint8 *b, int i)
{
  return half_at (b) * (nibble (b + 8, i) + fifth (b + 4, i)) + half_at (b + 2);
}

/* 128 numbers lie in 32 bytes: number i in byte i mod 32. */
static int
quarter (const guint8 *b,
         int           i)
{
  return bits_of (b[i / 128 * 32 + i % 32], i / 32 % 4 * 2, 2);
}

static double
q2_k (const guint8 *b, int i)
{
  guint8 scale = b[i / 16];

  return half_at (b + 80) * (scale % 16) * quarter (b + 16, i) - half_at (b + 82) * (scale / 16);
}

static double
q3_k (const guint8 *b, int i)
{
  int           group = i / 16;
  const guint8 *scales = b + 96;
  int           scale = bits_of (scales[group % 8], group < 8 ? 0 : 4, 4) + 16 * bits_of (scales[8 + group % 4], group / 4 * 2, 2);

  return half_at (b + 108) * (scale - 32) * (quarter (b + 32, i) - (bits_of (b[i % 32], i / 32, 1) ? 0 : 4));
}

static double
with_offsets (const guint8 *b,
              int           group,
              int           number)
{
  const guint8 *s = b + 4;
  int           scale = group < 4 ? s[group] % 64 : s[group + 4] % 16 + s[group - 4] / 64 * 16;
  int           offset = group < 4 ? s[group + 4] % 64 : s[group + 4] / 16 + s[group] / 64 * 16;

  return half_at (b) * scale * number - half_at (b + 2) * offset;
}

static double
q4_k (const guint8 *b, int i)
{
  return with_offsets (b, i / 32, bits_of (b[16 + i / 64 * 32 + i % 32], i / 32 % 2 * 4, 4));
}

static double
q5_k (const guint8 *b, int i)
{
  return with_offsets (b, i / 32, bits_of (b[48 + i / 64 * 32 + i % 32], i / 32 % 2 * 4, 4) + 16 * bits_of (b[16 + i % 32], i / 32, 1));
}

static double
q6_k (const guint8 *b, int i)
{
  int half = i / 128, at = i % 128, scale = b[192 + i / 16];
  int low = bits_of (b[half * 64 + at % 64], at / 64 * 4, 4), high = bits_of (b[128 + half * 32 + at % 32], at / 32 * 2, 2);

  return half_at (b + 208) * (scale < 128 ? scale : scale - 256) * (low + 16 * high - 32);
}

static double
step (int i)
{
  static const int steps[] = { -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113 };

  return steps[i];
}

static double
iq4_nl (const guint8 *b, int i)
{
  return half_at (b) * step (nibble (b + 2, i));
}

static double
iq4_xs (const guint8 *b, int i)
{
  int group = i / 32, high = (b[2] + 256 * b[3]) / (1 << 2 * group) % 4, low = bits_of (b[4 + group / 2], group % 2 * 4, 4);

  return half_at (b) * (low + 16 * high - 32) * step (nibble (b + 8 + 16 * group, i % 32));
}

/* E2M1: a sign, two bits of exponent with a bias of 1, one of mantissa. */
static double
mxfp4 (const guint8 *b, int i)
{
  int    code = nibble (b + 1, i), exponent = code / 2 % 4, mantissa = code % 2;
  double value = exponent > 0 ? ldexp (1 + 0.5 * mantissa, exponent - 1) : 0.5 * mantissa;

  return (code < 8 ? value : -value) * ldexp (1, b[0] - 127);
}

/* The first digits after the point of byte / 256 in base 3. */
static double
tq1_0 (const guint8 *b, int i)
{
  int at = i < 160 ? i % 32 : i < 240 ? 32 + (i - 160) % 16
                                      : 48 + (i - 240) % 4;
  int digit = i < 160 ? i / 32 : i < 240 ? (i - 160) / 16
                                         : (i - 240) / 4;

  return half_at (b + 52) * ((int) (b[at] * pow (3, digit + 1) / 256) % 3 - 1);
}

static double
tq2_0 (const guint8 *b, int i)
{
  return half_at (b + 64) * (quarter (b, i) - 1);
}

/* @halves: where the block has half floats; -1: nowhere */
static const struct
{
  LimnType    type;
  const char *name;
  gsize       elements, size;
  int         halves[2];
  Definition  definition;
} cases[] = {
  { LIMN_Q8_0, "q8-0", 32, 34, { 0, -1 }, q8_0 },
  { LIMN_Q4_0, "q4-0", 32, 18, { 0, -1 }, q4_0 },
  { LIMN_Q4_1, "q4-1", 32, 20, { 0, 2 }, q4_1 },
  { LIMN_Q5_0, "q5-0", 32, 22, { 0, -1 }, q5_0 },
  { LIMN_Q5_1, "q5-1", 32, 24, { 0, 2 }, q5_1 },
  { LIMN_Q2_K, "q2-k", 256, 84, { 80, 82 }, q2_k },
  { LIMN_Q3_K, "q3-k", 256, 110, { 108, -1 }, q3_k },
  { LIMN_Q4_K, "q4-k", 256, 144, { 0, 2 }, q4_k },
  { LIMN_Q5_K, "q5-k", 256, 176, { 0, 2 }, q5_k },
  { LIMN_Q6_K, "q6-k", 256, 210, { 208, -1 }, q6_k },
  { LIMN_IQ4_NL, "iq4-nl", 32, 18, { 0, -1 }, iq4_nl },
  { LIMN_IQ4_XS, "iq4-xs", 256, 136, { 0, -1 }, iq4_xs },
  { LIMN_MXFP4, "mxfp4", 32, 17, { -1, -1 }, mxfp4 },
  { LIMN_TQ1_0, "tq1-0", 256, 54, { 52, -1 }, tq1_0 },
  { LIMN_TQ2_0, "tq2-0", 256, 66, { 64, -1 }, tq2_0 },
};

#define BLOCKS 3

/* Any bytes, but scales that are small multiples of 1/64: then every product and sum is exact, in float as in double. */
static void
fill (guint   k,
      guint8 *blocks,
      GRand  *random)
{
  for (gsize i = 0; i < BLOCKS * cases[k].size; i++)
    blocks[i] = (guint8) g_rand_int (random);
  for (int block = 0; block < BLOCKS; block++)
    {
      guint8 *at = blocks + (gsize) block * cases[k].size;

      if (cases[k].type == LIMN_MXFP4)
        at[0] = (guint8) g_rand_int_range (random, 1, 250); /* a power of two; the largest ones overflow */
      for (int h = 0; h < 2 && cases[k].halves[h] >= 0; h++)
        {
          guint16 half = limn_f16_from_f32 ((float) g_rand_int_range (random, -31, 32) / 64);

          at[cases[k].halves[h]] = (guint8) half;
          at[cases[k].halves[h] + 1] = (guint8) (half >> 8);
        }
    }
}

static void
test_definitions (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    for (int round = 0; round < 100; round++)
      {
        const LimnTypeInfo *info = limn_type_info (cases[k].type);
        g_autofree guint8  *blocks = g_malloc (BLOCKS * cases[k].size);
        float               got[BLOCKS * LIMN_MAX_BLOCK];

        g_assert_cmpstr (info->name, ==, cases[k].name);
        g_assert_cmpuint (info->elements, ==, cases[k].elements);
        g_assert_cmpuint (info->size, ==, cases[k].size);
        fill (k, blocks, random);
        limn_type_to_f32 (cases[k].type, blocks, got, BLOCKS * info->elements);
        for (gsize i = 0; i < BLOCKS * info->elements; i++)
          {
            double want = cases[k].definition (blocks + i / info->elements * info->size, (int) (i % info->elements));

            if ((double) got[i] != want)
              g_error ("%s: element %zu is %g, not %g", info->name, i, got[i], want);
          }
      }
}

static void
check_range (const LimnWeight *weight,
             const float      *whole,
             gsize             first,
             gsize             n)
{
  g_autofree float *got = g_new (float, n + 1);

  got[n] = 12345;
  limn_weight_range_to_f32 (weight, first, n, got);
  g_assert_cmpmem (got, n * sizeof *got, whole + first, n * sizeof *got);
  g_assert_cmpfloat (got[n], ==, 12345);
}

/* From anywhere to anywhere, in blocks at an odd address that end where their memory ends. */
static void
test_ranges (void)
{
  static const gsize lengths[] = { 0, 1, 5, 31, 32, 33, 100, 255, 256, 257, 512 };
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      gsize              size = BLOCKS * cases[k].size, n = BLOCKS * cases[k].elements;
      g_autofree guint8 *memory = g_malloc (size + 1);
      LimnWeight         weight = { .type = cases[k].type, .n_elements = n, .data = memory + 1, .size = size };
      float              whole[BLOCKS * LIMN_MAX_BLOCK];

      fill (k, memory + 1, random);
      limn_weight_to_f32 (&weight, whole);
      for (gsize first = 0; first <= n; first += n > 100 ? 13 : 1)
        for (guint l = 0; l < G_N_ELEMENTS (lengths) && lengths[l] <= n - first; l++)
          check_range (&weight, whole, first, lengths[l]);
      check_range (&weight, whole, n - 1, 1);
      check_range (&weight, whole, n, 0);
    }
}

/* An element outside the tensor is a mistake of the caller's, not of the file. */
static void
test_outside (void)
{
  static const guint8 block[34] = { 0 };
  LimnWeight          weight = { .type = LIMN_Q8_0, .n_elements = 32, .data = block, .size = sizeof block };
  float               to[64];

  if (g_test_subprocess ())
    {
      limn_weight_range_to_f32 (&weight, 1, 32, to);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quants/definitions", test_definitions);
  g_test_add_func ("/quants/ranges", test_ranges);
  g_test_add_func ("/quants/outside", test_outside);
  return g_test_run ();
}
