/* Random numbers: PyTorch's published values, and the generators' own known answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/mt19937.h"
#include "engine/samplers/noise.h"
#include "engine/samplers/philox.h"

#include <math.h>
#include <string.h>

/* init_genrand (5489), the default of C++'s std::mt19937; the standard names its 10000th number ([rand.predef]). */
static void
test_mt19937 (void)
{
  LimnMt19937 generator;
  guint32     last = 0;

  limn_mt19937_seed (&generator, 5489);
  for (int i = 0; i < 10000; i++)
    last = limn_mt19937_next (&generator);
  g_assert_cmpuint (last, ==, 4123659995u);
}

static void
test_mt19937_64 (void)
{
  LimnMt19937 generator, again;
  guint64     high, low;

  limn_mt19937_seed (&generator, 5489);
  limn_mt19937_seed (&again, 5489);
  high = limn_mt19937_next (&again);
  low = limn_mt19937_next (&again);
  g_assert_cmphex (limn_mt19937_next_64 (&generator), ==, high << 32 | low);
}

/* The known answers that Random123 ships. */
static void
test_philox (void)
{
  guint32 zeros[4] = { 0, 0, 0, 0 },
          ones[4] = { G_MAXUINT32, G_MAXUINT32, G_MAXUINT32, G_MAXUINT32 };

  limn_philox (zeros, 0);
  g_assert_cmphex (zeros[0], ==, 0x6627e8d5);
  g_assert_cmphex (zeros[1], ==, 0xe169c58d);
  g_assert_cmphex (zeros[2], ==, 0xbc57ac4c);
  g_assert_cmphex (zeros[3], ==, 0x9b00dbd8);

  limn_philox (ones, G_MAXUINT64);
  g_assert_cmphex (ones[0], ==, 0x408f276d);
  g_assert_cmphex (ones[1], ==, 0x41c83b0e);
  g_assert_cmphex (ones[2], ==, 0xa20bc7c6);
  g_assert_cmphex (ones[3], ==, 0x6d5451fd);
}

static void
assert_close (const float  *got,
              const double *want,
              gsize         n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (got[i], want[i], 1e-4);
}

/* torch.manual_seed (0); torch.randn (5), and the start of torch.randn (16): every other tutorial prints them. */
static void
test_torch_short (void)
{
  static const double want[] = { 1.5410, -0.2934, -2.1788, 0.5684, -1.0845 };
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 0);
  float got[G_N_ELEMENTS (want)];

  limn_noise_normal (noise, got, G_N_ELEMENTS (got));
  assert_close (got, want, G_N_ELEMENTS (want));
}

static void
test_torch_block (void)
{
  static const double want[] = { -1.1258, -1.1524, -0.2506, -0.4339 };
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 0);
  float got[16];

  limn_noise_normal (noise, got, G_N_ELEMENTS (got));
  assert_close (got, want, G_N_ELEMENTS (want));
}

static void
test_torch_uniform (void)
{
  static const double want[] = { 0.4963, 0.7682, 0.0885, 0.1320, 0.3074 };
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 0);
  float got[G_N_ELEMENTS (want)];

  limn_noise_uniform (noise, got, G_N_ELEMENTS (got));
  assert_close (got, want, G_N_ELEMENTS (want));
}

/* An odd number of short draws leaves a normal number behind, which the next short draw starts with. */
static void
test_second_waits (void)
{
  g_autoptr (LimnNoise) whole = limn_noise_new (LIMN_NOISE_CPU, 7);
  g_autoptr (LimnNoise) parts = limn_noise_new (LIMN_NOISE_CPU, 7);
  float want[8], got[8];

  limn_noise_normal (whole, want, 8);
  limn_noise_normal (parts, got, 3);
  limn_noise_normal (parts, got + 3, 5);
  g_assert_cmpmem (got, sizeof got, want, sizeof want);
}

/* 24 numbers are a block of 16 whose second half the last block takes the place of. */
static void
test_last_block_is_drawn_again (void)
{
  g_autoptr (LimnNoise) odd = limn_noise_new (LIMN_NOISE_CPU, 3);
  g_autoptr (LimnNoise) even = limn_noise_new (LIMN_NOISE_CPU, 3);
  float got[24], want[16], skipped[24];

  limn_noise_normal (odd, got, 24);
  limn_noise_normal (even, want, 16);
  g_assert_cmpmem (got, 8 * sizeof *got, want, 8 * sizeof *want);

  /* the redrawn block comes after all 24 uniform numbers */
  limn_noise_free (g_steal_pointer (&even));
  even = limn_noise_new (LIMN_NOISE_CPU, 3);
  limn_noise_uniform (even, skipped, 24);
  limn_noise_normal (even, want, 16);
  g_assert_cmpmem (got + 8, 16 * sizeof *got, want, 16 * sizeof *want);
}

static void
test_seed_is_32_bits_on_cpu (void)
{
  g_autoptr (LimnNoise) small = limn_noise_new (LIMN_NOISE_CPU, 5);
  g_autoptr (LimnNoise) large = limn_noise_new (LIMN_NOISE_CPU, (G_GUINT64_CONSTANT (1) << 32) + 5);
  g_autoptr (LimnNoise) cuda_small = limn_noise_new (LIMN_NOISE_CUDA, 5);
  g_autoptr (LimnNoise) cuda_large = limn_noise_new (LIMN_NOISE_CUDA, (G_GUINT64_CONSTANT (1) << 32) + 5);
  float a[17], b[17];

  limn_noise_normal (small, a, 17);
  limn_noise_normal (large, b, 17);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);

  limn_noise_normal (cuda_small, a, 17);
  limn_noise_normal (cuda_large, b, 17);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
}

/* CUDA's numbers do not depend on how many are asked for, but on which draw it is. */
static void
test_cuda_draws (void)
{
  g_autoptr (LimnNoise) few = limn_noise_new (LIMN_NOISE_CUDA, 1);
  g_autoptr (LimnNoise) many = limn_noise_new (LIMN_NOISE_CUDA, 1);
  float a[5], b[1000];

  limn_noise_normal (few, a, 5);
  limn_noise_normal (many, b, 1000);
  g_assert_cmpmem (a, sizeof a, b, sizeof a);
  limn_noise_normal (few, a, 5);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
}

static void
assert_standard_normal (const double *values,
                        gsize         n)
{
  double mean = 0, variance = 0, fourth = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (isfinite (values[i]));
      mean += values[i] / n;
      variance += values[i] * values[i] / n;
      fourth += pow (values[i], 4) / n;
    }

  /* five standard errors */
  g_assert_cmpfloat (fabs (mean), <, 5 / sqrt (n));
  g_assert_cmpfloat (fabs (variance - 1), <, 5 * sqrt (2.0 / n));
  g_assert_cmpfloat (fabs (fourth - 3), <, 5 * sqrt (96.0 / n));
}

static void
test_moments (void)
{
  enum
  {
    N = 100003
  };
  g_autofree float  *values = g_new (float, N);
  g_autofree double *wide = g_new (double, N);

  for (int kind = LIMN_NOISE_CPU; kind <= LIMN_NOISE_CUDA; kind++)
    {
      g_autoptr (LimnNoise) noise = limn_noise_new (kind, 42);

      limn_noise_normal (noise, values, N);
      for (int i = 0; i < N; i++)
        wide[i] = values[i];
      assert_standard_normal (wide, N);
      if (kind == LIMN_NOISE_CUDA)
        continue;
      limn_noise_normal_double (noise, wide, N);
      assert_standard_normal (wide, N);
    }
}

/* Every value of binary16 is a multiple of 2^-24, has 11 significant bits, and is the nearest to what was drawn. */
static void
test_half (void)
{
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 9);
  g_autoptr (LimnNoise) exact = limn_noise_new (LIMN_NOISE_CPU, 9);
  float got[992], want[992];

  limn_noise_normal_half (noise, got, G_N_ELEMENTS (got));
  limn_noise_normal (exact, want, G_N_ELEMENTS (want));
  for (guint i = 0; i < G_N_ELEMENTS (got); i++)
    {
      int    exponent;
      double fraction = frexp (got[i], &exponent);

      g_assert_cmpfloat (fraction * 2048, ==, rint (fraction * 2048));
      g_assert_cmpfloat (fabs (got[i] - want[i]), <=, ldexp (1, exponent - 12));
    }
}

/* Unlike single precision, the last block follows the whole ones at once: torch.randn (17, dtype=torch.float16), seed 3. */
static void
test_half_last_block (void)
{
  static const double want[] = { -0.0767, 0.2615, 0.9311, -0.5146, -1.6514, 1.0459, 0.5220, -0.1669, 0.0530,
                                 0.5640, 2.2559, 1.8691, -1.1953, 0.9980, 0.4592, 2.4355, -0.1469 };
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 3);
  float got[G_N_ELEMENTS (want)];

  limn_noise_normal_half (noise, got, G_N_ELEMENTS (got));
  assert_close (got, want, G_N_ELEMENTS (want));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/mt19937", test_mt19937);
  g_test_add_func ("/random/mt19937-64", test_mt19937_64);
  g_test_add_func ("/random/philox", test_philox);
  g_test_add_func ("/random/torch-short", test_torch_short);
  g_test_add_func ("/random/torch-block", test_torch_block);
  g_test_add_func ("/random/torch-uniform", test_torch_uniform);
  g_test_add_func ("/random/second-waits", test_second_waits);
  g_test_add_func ("/random/last-block-is-drawn-again", test_last_block_is_drawn_again);
  g_test_add_func ("/random/seed-is-32-bits-on-cpu", test_seed_is_32_bits_on_cpu);
  g_test_add_func ("/random/cuda-draws", test_cuda_draws);
  g_test_add_func ("/random/moments", test_moments);
  g_test_add_func ("/random/half", test_half);
  g_test_add_func ("/random/half-last-block", test_half_last_block);
  return g_test_run ();
}
