/* Patched weights against dense sums in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/patch.h"

#include <math.h>

#include "tests/engine/tensors-test.h"

#define SCALE 0.37
#define LIMIT 1e-12

/* A weight of 15 × 14 · 3 · 3 (a convolution), one of 15 × 14, and factors for both. */
enum
{
  OUT = 15,
  IN = 14,
  KERNEL = 9,
  RANK = 5,
  OTHER = 3,
};

static const TestTensor tensors[] = {
  { "linear", 2, { OUT, IN } },
  { "conv", 4, { OUT, IN, 3, 3 } },
  { "bias", 1, { OUT } },
  { "up", 2, { OUT, RANK } },
  { "down", 2, { RANK, IN } },
  { "conv.up", 4, { OUT, RANK, 1, 1 } },
  { "conv.down", 4, { RANK, IN, 3, 3 } },
  { "locon.up", 4, { OUT, RANK, 1, 1 } },
  { "locon.mid", 4, { RANK, OTHER, 3, 3 } },
  { "locon.down", 4, { OTHER, IN, 1, 1 } },
  { "w1_a", 2, { OUT, RANK } },
  { "w1_b", 2, { RANK, IN *KERNEL } },
  { "w2_a", 2, { OUT, OTHER } },
  { "w2_b", 2, { OTHER, IN *KERNEL } },
  { "t1", 4, { RANK, RANK, 3, 3 } },
  { "t1_a", 2, { RANK, OUT } },
  { "t1_b", 2, { RANK, IN } },
  { "t2", 4, { OTHER, OTHER, 3, 3 } },
  { "t2_a", 2, { OTHER, OUT } },
  { "t2_b", 2, { OTHER, IN } },
  { "k1", 2, { 3, 2 } },
  { "k1_a", 2, { 3, 4 } },
  { "k1_b", 2, { 4, 2 } },
  { "k2", 2, { 5, 7 } },
  { "k2_conv", 4, { 5, 7, 3, 3 } },
  { "k2_a", 2, { 5, 4 } },
  { "k2_b", 2, { 4, 7 * KERNEL } },
  { "kt", 4, { 4, 4, 3, 3 } },
  { "kt_a", 2, { 4, 5 } },
  { "kt_b", 2, { 4, 7 } },
  { "diff", 2, { OUT, IN } },
  { "diff_b", 1, { OUT } },
  { "m_out", 1, { OUT } },
  { "m_in", 4, { 1, IN, 1, 1 } },
  { "m_in_2", 2, { 1, IN } },
  { "m_peft", 4, { 1, OUT, 1, 1 } },
  { "square", 2, { 6, 6 } },
  { "square.m", 2, { 1, 6 } },
  { "square.up", 2, { 6, 2 } },
  { "square.down", 2, { 2, 6 } },
};

static LimnWeights *
load (void)
{
  return tensors_test_weights (tensors, G_N_ELEMENTS (tensors));
}

static double
at (const LimnWeights *weights,
    const char        *name,
    gsize              index)
{
  const LimnWeight *weight = limn_weights_find (weights, name);
  float             value;

  limn_weight_range_to_f32 (weight, index, 1, &value);
  return value;
}

/* What a patched weight must be, one number at a time. */
typedef double (*Formula) (const LimnWeights *weights,
                           gsize              row,
                           gsize              input,
                           gsize              k);

static double
low_rank (const LimnWeights *weights,
          const char        *up,
          const char        *down,
          gsize              rank,
          gsize              columns,
          gsize              row,
          gsize              column)
{
  double sum = 0;

  for (gsize r = 0; r < rank; r++)
    sum += at (weights, up, row * rank + r) * at (weights, down, r * columns + column);
  return sum;
}

static double
lora (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return low_rank (w, "up", "down", RANK, IN, row, input);
}

static double
lora_conv (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return low_rank (w, "conv.up", "conv.down", RANK, IN * KERNEL, row, input * KERNEL + k);
}

static double
locon (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  double sum = 0;

  for (gsize m = 0; m < RANK; m++)
    for (gsize n = 0; n < OTHER; n++)
      sum += at (w, "locon.up", row * RANK + m) * at (w, "locon.mid", (m * OTHER + n) * KERNEL + k) * at (w, "locon.down", n * IN + input);
  return sum;
}

static double
loha (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  gsize columns = IN * KERNEL, column = input * KERNEL + k;

  return low_rank (w, "w1_a", "w1_b", RANK, columns, row, column) * low_rank (w, "w2_a", "w2_b", OTHER, columns, row, column);
}

#include "tests/engine/patch-formulas.h"

/* By name, which may be NULL. */
typedef struct
{
  const char   *name, *base;
  LimnDeltaKind kind;
  struct
  {
    const char *whole, *up, *down, *core;
    gboolean    rank_first;
  } factors[2];
  Formula formula;
} Kind;

static const Kind kinds[] = {
  { "lora", "linear", LIMN_DELTA_PLAIN, { { NULL, "up", "down", NULL, FALSE } }, lora },
  { "lora-conv", "conv", LIMN_DELTA_PLAIN, { { NULL, "conv.up", "conv.down", NULL, FALSE } }, lora_conv },
  { "locon-tucker", "conv", LIMN_DELTA_PLAIN, { { NULL, "locon.up", "locon.down", "locon.mid", FALSE } }, locon },
  { "loha", "conv", LIMN_DELTA_HADAMARD, { { NULL, "w1_a", "w1_b", NULL, FALSE }, { NULL, "w2_a", "w2_b", NULL, FALSE } }, loha },
  { "loha-tucker", "conv", LIMN_DELTA_HADAMARD, { { NULL, "t1_a", "t1_b", "t1", TRUE }, { NULL, "t2_a", "t2_b", "t2", TRUE } }, loha_tucker },
  { "lokr", "linear", LIMN_DELTA_KRONECKER, { { "k1", NULL, NULL, NULL, FALSE }, { "k2", NULL, NULL, NULL, FALSE } }, lokr },
  { "lokr-conv", "conv", LIMN_DELTA_KRONECKER, { { NULL, "k1_a", "k1_b", NULL, FALSE }, { "k2_conv", NULL, NULL, NULL, FALSE } }, lokr_conv },
  { "lokr-low", "conv", LIMN_DELTA_KRONECKER, { { "k1", NULL, NULL, NULL, FALSE }, { NULL, "k2_a", "k2_b", NULL, FALSE } }, lokr_low },
  { "lokr-tucker", "conv", LIMN_DELTA_KRONECKER, { { NULL, "k1_a", "k1_b", NULL, FALSE }, { NULL, "kt_a", "kt_b", "kt", TRUE } }, lokr_tucker },
  { "full", "linear", LIMN_DELTA_PLAIN, { { "diff", NULL, NULL, NULL, FALSE } }, full },
};

static const LimnWeight *
find (const LimnWeights *weights,
      const char        *name)
{
  return name != NULL ? limn_weights_find (weights, name) : NULL;
}

static LimnDelta
delta_of (const LimnWeights *weights,
          const Kind        *kind)
{
  LimnDelta delta = { .kind = kind->kind, .scale = SCALE, .strength = 1 };

  for (int i = 0; i < 2; i++)
    delta.factors[i] = (LimnFactor){ find (weights, kind->factors[i].whole), find (weights, kind->factors[i].up), find (weights, kind->factors[i].down),
                                     find (weights, kind->factors[i].core), kind->factors[i].rank_first };
  return delta;
}

static gsize
kernel_of (const Kind *kind)
{
  return g_str_equal (kind->base, "conv") ? KERNEL : 1;
}

static double *
changed_by_hand (const LimnWeights *weights,
                 const Kind        *kind,
                 const double      *before)
{
  gsize   kernel = kernel_of (kind), columns = IN * kernel;
  double *values = g_new (double, OUT *columns);

  for (gsize row = 0; row < OUT; row++)
    for (gsize c = 0; c < columns; c++)
      values[row * columns + c] = before[row * columns + c] + SCALE * kind->formula (weights, row, c / kernel, c % kernel);
  return values;
}

static double *
doubles_of (const LimnWeights *weights,
            const char        *name)
{
  g_autofree float *floats = tensors_test_floats (weights, name);
  gsize             n = limn_weights_find (weights, name)->n_elements;
  double           *doubles = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    doubles[i] = floats[i];
  return doubles;
}

static void
assert_close (const float  *got,
              const double *want,
              gsize         n)
{
  double error = 0, norm = 0;

  for (gsize i = 0; i < n; i++)
    {
      error += (got[i] - want[i]) * (got[i] - want[i]);
      norm += want[i] * want[i];
    }
  g_assert_cmpfloat (norm, >, 0);
  g_assert_cmpfloat (error / norm, <, LIMIT);
}

/* All of it, and pieces that begin and end anywhere. */
static void
assert_reads (const LimnPatch *patch,
              const double    *want,
              gsize            n)
{
  LimnWeight        weight = limn_patch_weight (patch);
  g_autofree float *whole = g_new (float, n), *piece = g_new (float, n);

  g_assert_cmpuint (weight.n_elements, ==, n);
  limn_weight_to_f32 (&weight, whole);
  assert_close (whole, want, n);
  for (gsize first = 0; first < n; first += n / 7 + 1)
    for (gsize size = 1; size <= n - first; size += n / 5 + 3)
      {
        limn_weight_range_to_f32 (&weight, first, size, piece);
        g_assert_cmpmem (piece, size * sizeof (float), whole + first, size * sizeof (float));
      }
}

static void
test_kind (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (LimnWeights) weights = load ();
  g_autoptr (LimnPatch) patch = limn_patch_new (limn_weights_find (weights, kind->base));
  g_autoptr (GError) error = NULL;
  g_autofree double *before = doubles_of (weights, kind->base), *want = changed_by_hand (weights, kind, before);
  LimnDelta          delta = delta_of (weights, kind);

  g_assert_true (limn_patch_add (patch, &delta, weights, &error));
  g_assert_no_error (error);
  assert_reads (patch, want, OUT * IN * kernel_of (kind));
}

/* --- magnitudes -------------------------------------------------------------------------------------------------- */

/* W + strength (m V / ‖V‖ - W), V = @changed; norms a row or an input. */
static double *
normed_by_hand (const LimnWeights *weights,
                const double      *before,
                const double      *changed,
                const char        *magnitude,
                gsize              kernel,
                gboolean           rows,
                double             strength)
{
  gsize   columns = IN * kernel;
  double  squares[OUT * IN] = { 0 };
  double *values = g_new (double, OUT *columns);

  for (gsize i = 0; i < OUT * columns; i++)
    squares[rows ? i / columns : i % columns / kernel] += changed[i] * changed[i];
  for (gsize i = 0; i < OUT * columns; i++)
    {
      gsize  place = rows ? i / columns : i % columns / kernel;
      double normed = at (weights, magnitude, place) * changed[i] / sqrt (squares[place]);

      values[i] = before[i] + strength * (normed - before[i]);
    }
  return values;
}

static const struct
{
  const char *name, *magnitude;
  gboolean    told, rows;
  double      strength;
} magnitudes[] = {
  { "out", "m_out", FALSE, TRUE, 1 },
  { "out-part", "m_out", FALSE, TRUE, 0.4 },
  { "in", "m_in", FALSE, FALSE, 1 },
  { "in-part", "m_in_2", FALSE, FALSE, -0.5 },
  { "peft", "m_peft", TRUE, TRUE, 1 },
};

static void
test_magnitude (gconstpointer data)
{
  gsize which = GPOINTER_TO_SIZE (data) / G_N_ELEMENTS (kinds), k = GPOINTER_TO_SIZE (data) % G_N_ELEMENTS (kinds);
  g_autoptr (LimnWeights) weights = load ();
  g_autoptr (LimnPatch) patch = limn_patch_new (limn_weights_find (weights, kinds[k].base));
  g_autoptr (GError) error = NULL;
  g_autofree double *before = doubles_of (weights, kinds[k].base), *changed = changed_by_hand (weights, &kinds[k], before);
  g_autofree double *want = normed_by_hand (weights, before, changed, magnitudes[which].magnitude, kernel_of (&kinds[k]),
                                            magnitudes[which].rows, magnitudes[which].strength);
  LimnDelta          delta = delta_of (weights, &kinds[k]);

  delta.magnitude = limn_weights_find (weights, magnitudes[which].magnitude);
  delta.magnitude_of_rows = magnitudes[which].told;
  delta.strength = magnitudes[which].strength;
  g_assert_true (limn_patch_add (patch, &delta, weights, &error));
  g_assert_no_error (error);
  assert_reads (patch, want, OUT * IN * kernel_of (&kinds[k]));
}

/* [1, n] of a square weight is of the inputs. */
static void
test_square (void)
{
  g_autoptr (LimnWeights) weights = load ();
  g_autoptr (LimnPatch) patch = limn_patch_new (limn_weights_find (weights, "square"));
  LimnDelta delta = { .scale = 1, .strength = 1, .magnitude = limn_weights_find (weights, "square.m") };
  float     values[36];

  delta.factors[0] = (LimnFactor){ .up = limn_weights_find (weights, "square.up"), .down = limn_weights_find (weights, "square.down") };
  g_assert_true (limn_patch_add (patch, &delta, weights, NULL));
  limn_patch_range_to_f32 (patch, 0, 36, values);
  for (int c = 0; c < 6; c++)
    {
      double sum = 0;

      for (int r = 0; r < 6; r++)
        sum += (double) values[6 * r + c] * values[6 * r + c];
      g_assert_cmpfloat_with_epsilon (sqrt (sum), fabs (at (weights, "square.m", c)), 1e-6);
    }
}

/* One after the other, a magnitude in between: the second sees what the first left. */
static void
test_in_order (void)
{
  g_autoptr (LimnWeights) weights = load ();
  g_autoptr (LimnPatch) patch = limn_patch_new (limn_weights_find (weights, "conv"));
  g_autofree double *before = doubles_of (weights, "conv"), *first = changed_by_hand (weights, &kinds[1], before);
  g_autofree double *second = changed_by_hand (weights, &kinds[3], first);
  g_autofree double *normed = normed_by_hand (weights, first, second, "m_in", KERNEL, FALSE, 0.8);
  g_autofree double *third = changed_by_hand (weights, &kinds[8], normed);
  LimnDelta          deltas[] = { delta_of (weights, &kinds[1]), delta_of (weights, &kinds[3]), delta_of (weights, &kinds[8]) };

  deltas[1].magnitude = limn_weights_find (weights, "m_in");
  deltas[1].strength = 0.8;
  for (gsize i = 0; i < G_N_ELEMENTS (deltas); i++)
    g_assert_true (limn_patch_add (patch, &deltas[i], weights, NULL));
  assert_reads (patch, third, OUT * IN * KERNEL);
  limn_patch_release (patch);
  assert_reads (patch, third, OUT * IN * KERNEL);
}

/* --- views ------------------------------------------------------------------------------------------------------- */

static void
test_view (void)
{
  g_autoptr (LimnWeights) weights = load (), view = NULL;
  g_autoptr (GHashTable) patches = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) limn_patch_unref);
  LimnPatch        *bias = limn_patch_new (limn_weights_find (weights, "bias"));
  LimnDelta         delta = { .factors = { { .whole = limn_weights_find (weights, "diff_b") } }, .scale = -2 };
  g_autofree float *own = tensors_test_floats (weights, "bias"), *change = tensors_test_floats (weights, "diff_b"), *got = NULL;

  g_assert_true (limn_patch_add (bias, &delta, weights, NULL));
  g_hash_table_insert (patches, (gpointer) "bias", bias);
  view = limn_weights_patched (weights, patches);
  g_clear_pointer (&patches, g_hash_table_unref);
  g_assert_cmpuint (limn_weights_count (view), ==, limn_weights_count (weights));
  g_assert_null (limn_weights_find (view, "linear")->patch);
  g_assert_null (limn_weights_find (weights, "bias")->patch);
  g_clear_pointer (&weights, limn_weights_unref);
  got = tensors_test_floats (view, "bias");
  for (int i = 0; i < OUT; i++)
    g_assert_cmpfloat_with_epsilon (got[i], own[i] - 2 * change[i], 1e-6);
}

/* New words of a table, while the old ones are changed, too. */
static void
test_rows (void)
{
  g_autoptr (LimnWeights) weights = load ();
  g_autoptr (LimnPatch) patch = limn_patch_new (limn_weights_find (weights, "linear"));
  g_autofree double *before = doubles_of (weights, "linear"), *changed = changed_by_hand (weights, &kinds[0], before);
  LimnDelta          delta = delta_of (weights, &kinds[0]);
  float              rows[3 * IN];

  for (int i = 0; i < 3 * IN; i++)
    rows[i] = (float) i / 8;
  g_assert_true (limn_patch_add (patch, &delta, weights, NULL));
  limn_patch_add_rows (patch, rows, 2);
  limn_patch_add_rows (patch, rows + 2 * IN, 1);
  changed = g_renew (double, changed, (OUT + 3) * IN);
  for (int i = 0; i < 3 * IN; i++)
    changed[OUT * IN + i] = rows[i];
  g_assert_cmpint (limn_patch_weight (patch).dims[0], ==, OUT + 3);
  assert_reads (patch, changed, (OUT + 3) * IN);
}

/* --- what does not fit ------------------------------------------------------------------------------------------- */

static const struct
{
  Kind kind;
  int  code;
} refused[] = {
  { { "other-rank", "linear", LIMN_DELTA_PLAIN, { { NULL, "up", "t2_b", NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_FILE },
  { { "other-size", "conv", LIMN_DELTA_PLAIN, { { NULL, "up", "down", NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { { "core-of-other-rank", "conv", LIMN_DELTA_PLAIN, { { NULL, "locon.up", "locon.down", "t2", FALSE } }, NULL }, LIMN_ENGINE_ERROR_FILE },
  { { "core-without-dimensions", "conv", LIMN_DELTA_PLAIN, { { NULL, "locon.up", "locon.down", "bias", FALSE } }, NULL }, LIMN_ENGINE_ERROR_FILE },
  { { "halves-of-other-size", "conv", LIMN_DELTA_HADAMARD, { { NULL, "w1_a", "w1_b", NULL, FALSE }, { NULL, "up", "down", NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_FILE },
  { { "kronecker-rows", "linear", LIMN_DELTA_KRONECKER, { { "k1", NULL, NULL, NULL, FALSE }, { "k1", NULL, NULL, NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { { "kronecker-kernel", "conv", LIMN_DELTA_KRONECKER, { { "k1", NULL, NULL, NULL, FALSE }, { "k2", NULL, NULL, NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { { "full-of-other-size", "linear", LIMN_DELTA_PLAIN, { { "conv", NULL, NULL, NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { { "bias", "bias", LIMN_DELTA_PLAIN, { { "linear", NULL, NULL, NULL, FALSE } }, NULL }, LIMN_ENGINE_ERROR_UNSUPPORTED },
};

static void
assert_refused (const LimnWeights *weights,
                const LimnDelta   *delta,
                const char        *base,
                int                code)
{
  g_autoptr (LimnPatch) patch = limn_patch_new (limn_weights_find (weights, base));
  g_autoptr (GError) error = NULL;
  g_autofree double *want = doubles_of (weights, base);

  g_assert_false (limn_patch_add (patch, delta, (LimnWeights *) weights, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, code);
  g_assert_null (strchr (error->message, '\n'));
  assert_reads (patch, want, limn_weights_find (weights, base)->n_elements);
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (LimnWeights) weights = load ();
  LimnDelta delta = delta_of (weights, &refused[i].kind);

  assert_refused (weights, &delta, refused[i].kind.base, refused[i].code);
}

static void
test_magnitude_of_other_size (void)
{
  g_autoptr (LimnWeights) weights = load ();
  LimnDelta delta = delta_of (weights, &kinds[0]);

  delta.magnitude = limn_weights_find (weights, "square.m");
  assert_refused (weights, &delta, "linear", LIMN_ENGINE_ERROR_FILE);
  delta.magnitude = limn_weights_find (weights, "m_in");
  delta.magnitude_of_rows = TRUE;
  assert_refused (weights, &delta, "linear", LIMN_ENGINE_ERROR_FILE);
}

/* Tensors of nothing, and ranks that nobody has. */
static void
test_nothing (void)
{
  static const TestTensor odd[] = {
    { "base", 2, { 4, 6 } },
    { "none.up", 2, { 4, 0 } },
    { "none.down", 2, { 0, 6 } },
    { "whole", 2, { 0, 6 } },
    { "much.up", 2, { 4, 20000 } },
    { "much.down", 2, { 20000, 6 } },
    { "core", 2, { 4000, 2 } },
    { "core.up", 2, { 4, 4000 } },
    { "core.down", 2, { 2, 6 } },
    { "number", 0, { 0 } },
  };
  static const struct
  {
    const char *whole, *up, *down, *core;
    int         code;
  } cases[] = {
    { NULL, "none.up", "none.down", NULL, LIMN_ENGINE_ERROR_FILE },
    { "whole", NULL, NULL, NULL, LIMN_ENGINE_ERROR_FILE },
    { NULL, "much.up", "much.down", NULL, LIMN_ENGINE_ERROR_FILE },
    { NULL, "core.up", "core.down", "core", LIMN_ENGINE_ERROR_FILE },
    { NULL, "number", "number", "number", LIMN_ENGINE_ERROR_FILE },
    { NULL, "number", "number", NULL, LIMN_ENGINE_ERROR_UNSUPPORTED },
    { "number", NULL, NULL, NULL, LIMN_ENGINE_ERROR_UNSUPPORTED },
  };
  g_autoptr (LimnWeights) weights = tensors_test_weights (odd, G_N_ELEMENTS (odd));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LimnDelta delta = { .scale = 1 };

      delta.factors[0] = (LimnFactor){ find (weights, cases[i].whole), find (weights, cases[i].up), find (weights, cases[i].down),
                                       find (weights, cases[i].core), FALSE };
      assert_refused (weights, &delta, "base", cases[i].code);
    }
}

static void
test_rank (void)
{
  g_autoptr (LimnWeights) weights = load ();
  static const gsize ranks[] = { RANK, RANK, OTHER, OTHER, OTHER, 0, 4, 4, 4, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      LimnDelta delta = delta_of (weights, &kinds[i]);

      g_assert_cmpuint (limn_delta_rank (&delta), ==, ranks[i]);
    }
}

static void
add_magnitudes (gsize which)
{
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autofree char *path = g_strdup_printf ("/patch/magnitude/%s/%s", magnitudes[which].name, kinds[k].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (which * G_N_ELEMENTS (kinds) + k), test_magnitude);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/patch/kind/%s", kinds[i].name);

      g_test_add_data_func (path, &kinds[i], test_kind);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (magnitudes); i++)
    add_magnitudes (i);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/patch/refused/%s", refused[i].kind.name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/patch/square", test_square);
  g_test_add_func ("/patch/in-order", test_in_order);
  g_test_add_func ("/patch/view", test_view);
  g_test_add_func ("/patch/rows", test_rows);
  g_test_add_func ("/patch/magnitude-of-other-size", test_magnitude_of_other_size);
  g_test_add_func ("/patch/nothing", test_nothing);
  g_test_add_func ("/patch/rank", test_rank);
  return g_test_run ();
}
