/* Element types: exact widening and rounding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/type.h"

#include <math.h>

static void
test_f16 (void)
{
  const guint16 in[] = { 0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00 };
  const float   want[] = { 0, -0.0f, 1, -2, 65504, 0x1p-24f, 1023 * 0x1p-24f, INFINITY };
  float         got[G_N_ELEMENTS (in)];

  limn_type_to_f32 (LIMN_F16, in, got, G_N_ELEMENTS (in));
  g_assert_cmpmem (got, sizeof got, want, sizeof want);
}

/* Every binary16 comes back; between two of them the nearer one is taken, the even one in the middle. */
static void
test_f16_rounds_to_even (void)
{
  for (guint h = 0; h < 0x7c00; h++)
    {
      guint16 two[] = { (guint16) h, (guint16) (h + 1) };
      float   wide[2], middle;

      limn_type_to_f32 (LIMN_F16, two, wide, 2);
      g_assert_cmphex (limn_f16_from_f32 (wide[0]), ==, h);
      g_assert_cmphex (limn_f16_from_f32 (-wide[0]), ==, h | 0x8000);
      if (h + 1 == 0x7c00)
        break;
      middle = (wide[0] + wide[1]) / 2;
      g_assert_cmphex (limn_f16_from_f32 (middle), ==, h % 2 == 0 ? h : h + 1);
      g_assert_cmphex (limn_f16_from_f32 (nextafterf (middle, 0)), ==, h);
      g_assert_cmphex (limn_f16_from_f32 (nextafterf (middle, INFINITY)), ==, h + 1);
    }
  g_assert_cmphex (limn_f16_from_f32 (65519), ==, 0x7bff);
  g_assert_cmphex (limn_f16_from_f32 (65520), ==, 0x7c00);
  g_assert_cmphex (limn_f16_from_f32 (-INFINITY), ==, 0xfc00);
  g_assert_cmphex (limn_f16_from_f32 (NAN) & 0x7fff, >, 0x7c00);
}

static void
test_f8 (void)
{
  const guint8 e4m3[] = { 0x38, 0x7e, 0x01, 0x81, 0x7f };
  const guint8 e5m2[] = { 0x3c, 0x7b, 0x01, 0x7c };
  float        got[5];

  limn_type_to_f32 (LIMN_F8_E4M3, e4m3, got, 5);
  g_assert_cmpfloat (got[0], ==, 1);
  g_assert_cmpfloat (got[1], ==, 448);
  g_assert_cmpfloat (got[2], ==, 0x1p-9f);
  g_assert_cmpfloat (got[3], ==, -0x1p-9f);
  g_assert_true (isnan (got[4]));

  limn_type_to_f32 (LIMN_F8_E5M2, e5m2, got, 4);
  g_assert_cmpfloat (got[0], ==, 1);
  g_assert_cmpfloat (got[1], ==, 57344);
  g_assert_cmpfloat (got[2], ==, 0x1p-16f);
  g_assert_true (isinf (got[3]));
}

static void
test_bf16_rounds_to_even (void)
{
  g_assert_cmphex (limn_bf16_from_f32 (1.0f), ==, 0x3f80);
  g_assert_cmphex (limn_bf16_from_f32 (1.0f + 0x1p-8f), ==, 0x3f80);
  g_assert_cmphex (limn_bf16_from_f32 (1.0f + 3 * 0x1p-8f), ==, 0x3f82);
  g_assert_true (isnan (limn_bf16_to_f32 (limn_bf16_from_f32 (NAN))));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/type/f16", test_f16);
  g_test_add_func ("/type/f16-rounds-to-even", test_f16_rounds_to_even);
  g_test_add_func ("/type/f8", test_f8);
  g_test_add_func ("/type/bf16-rounds-to-even", test_bf16_rounds_to_even);
  return g_test_run ();
}
