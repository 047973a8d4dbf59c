/* Golden: random numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/golden.h"

#include <math.h>
#include <string.h>

#include "tests/golden/latent.h"

#define CUDA "cuda_philox"

/* "cpu.rand.seed42" → 42 */
static guint64
seed_of (const char *name)
{
  const char *seed = strstr (name, ".seed");

  return seed != NULL ? g_ascii_strtoull (seed + strlen (".seed"), NULL, 10) : 0;
}

static double
suggested (GoldenCase *golden,
           const char *member,
           double      otherwise)
{
  JsonObject *object = json_object_has_member (golden->json, "suggested")
                           ? json_object_get_object_member (golden->json, "suggested")
                           : NULL;

  return object != NULL && json_object_has_member (object, member)
             ? json_object_get_double_member (object, member)
             : otherwise;
}

/* The largest difference counts, then the NMSE. */
static void
compare_numbers (GoldenCase  *golden,
                 const char  *tensor,
                 const float *got,
                 gsize        n,
                 double       max_abs)
{
  g_autofree float *want = golden_tensor (golden, tensor, NULL, NULL);
  double            nmse = max_abs > 1e-4 ? max_abs * max_abs : golden_limit (golden, FALSE);
  double            most = 0;
  g_autofree char  *reason = NULL;

  for (gsize i = 0; want != NULL && i < MIN (n, golden_tensor_size (golden, tensor)); i++)
    most = MAX (most, fabs ((double) got[i] - want[i]));
  if (most <= max_abs)
    {
      golden_compare (golden, tensor, got, n, nmse);
      return;
    }
  reason = g_strdup_printf ("a number is off by %.3g, more than %.3g", most, max_abs);
  golden_fail (golden, tensor, nmse, reason);
}

/* Numbers that are not stored are checked by their sum of squares and mean. */
static void
compare_sums (GoldenCase  *golden,
              JsonObject  *row,
              const char  *tensor,
              const float *got,
              gsize        n)
{
  g_autofree char *name = g_strconcat (tensor, ":sums", NULL);
  double           mean = 0, squares = 0;
  float            sums[2], want[2];

  for (gsize i = 0; i < n; i++)
    {
      mean += (double) got[i] / n;
      squares += (double) got[i] * got[i];
    }
  sums[0] = (float) (mean * n);
  sums[1] = (float) squares;
  want[0] = (float) (json_object_get_double_member (row, "mean") * n);
  want[1] = (float) json_object_get_double_member (row, "sum_of_squares");
  golden_compare_with (golden, name, sums, want, G_N_ELEMENTS (sums), golden_limit (golden, FALSE));
}

/* "first 64, last 64" → 64, or 0 for "all" */
static gsize
stored_at_ends (JsonObject *row)
{
  const char *stored = json_object_get_string_member_with_default (row, "stored", "all");

  return g_str_has_prefix (stored, "first ")
             ? g_ascii_strtoull (stored + strlen ("first "), NULL, 10)
             : 0;
}

static gsize
draw_size (JsonObject *row)
{
  JsonArray *shape = json_object_get_array_member (row, "shape");
  gsize      n = 1;

  for (guint i = 0; i < json_array_get_length (shape); i++)
    n *= json_array_get_int_element (shape, i);
  return n;
}

static void
compare_draw (GoldenCase *golden,
              JsonObject *row)
{
  const char       *tensor = json_object_get_string_member (row, "tensor");
  gboolean          cuda = g_str_equal (json_object_get_string_member (row, "kind"), CUDA);
  gsize             n = draw_size (row), ends = stored_at_ends (row);
  g_autofree float *values = g_new (float, n);
  g_autoptr (LimnNoise) noise = limn_noise_new (cuda ? LIMN_NOISE_CUDA : LIMN_NOISE_CPU, seed_of (tensor));

  limn_noise_normal (noise, values, n);
  compare_sums (golden, row, tensor, values, n);
  if (ends > 0 && 2 * ends <= n)
    {
      memmove (values + ends, values + n - ends, ends * sizeof *values);
      n = 2 * ends;
    }
  compare_numbers (golden, tensor, values, n, suggested (golden, "max_abs", 1e-6));
}

/* cpu.sequence.seedS.0, .1, …: one stream, draw after draw */
static void
compare_sequence (GoldenCase *golden,
                  const char *first)
{
  g_autofree char *prefix = g_strndup (first, strlen (first) - strlen ("0"));
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, seed_of (first));

  for (int i = 0;; i++)
    {
      g_autofree char  *name = g_strdup_printf ("%s%d", prefix, i);
      gsize             n = golden_tensor_size (golden, name);
      g_autofree float *values = g_new (float, n);

      if (n == 0)
        return;
      limn_noise_normal (noise, values, n);
      compare_numbers (golden, name, values, n, suggested (golden, "max_abs", 1e-6));
    }
}

static void
draw_double (LimnNoise *noise,
             float     *values,
             gsize      n)
{
  g_autofree double *wide = g_new (double, n);

  limn_noise_normal_double (noise, wide, n);
  for (gsize i = 0; i < n; i++)
    values[i] = (float) wide[i];
}

static void
draw_second (LimnNoise *noise,
             float     *values,
             gsize      n)
{
  limn_noise_normal (noise, values, n);
  limn_noise_normal (noise, values, n);
}

static const struct
{
  const char   *prefix;
  LimnNoiseKind kind;
  void (*draw) (LimnNoise *noise,
                float     *values,
                gsize      n);
  const char *limit;
} others[] = {
  { "cpu.rand.", LIMN_NOISE_CPU, limn_noise_uniform, "max_abs" },
  { "cpu.randn_f64.", LIMN_NOISE_CPU, draw_double, "max_abs" },
  { "cpu.randn_f16.", LIMN_NOISE_CPU, limn_noise_normal_half, "f16 max_abs" },
  { CUDA ".second_call.", LIMN_NOISE_CUDA, draw_second, "max_abs" },
};

static void
compare_others (GoldenCase *golden,
                guint       kind)
{
  g_autoptr (GPtrArray) names = golden_names (golden, others[kind].prefix, "");

  for (guint i = 0; i < names->len; i++)
    {
      const char       *name = names->pdata[i];
      gsize             n = golden_tensor_size (golden, name);
      g_autofree float *values = g_new (float, n);
      g_autoptr (LimnNoise) noise = limn_noise_new (others[kind].kind, seed_of (name));

      others[kind].draw (noise, values, n);
      compare_numbers (golden, name, values, n, suggested (golden, others[kind].limit, 1e-6));
    }
}

void
golden_run_random (GoldenCase *golden)
{
  JsonArray *draws = json_object_get_array_member (golden->json, "draws");
  g_autoptr (GPtrArray) sequences = golden_names (golden, "cpu.sequence.", ".0");

  for (guint i = 0; i < json_array_get_length (draws); i++)
    compare_draw (golden, json_array_get_object_element (draws, i));
  for (guint i = 0; i < sequences->len; i++)
    compare_sequence (golden, sequences->pdata[i]);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    compare_others (golden, i);
}
