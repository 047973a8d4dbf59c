/* Patches: the arithmetic, a piece of a row at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/patch-private.h"

#include <math.h>

/* Columns at once: they and as many of each of a few factors' rows stay in the first cache. */
#define PIECE 512

/* The loops below, for what the processor has. Sums may differ in the last bit between processors, as everywhere. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__ ((target_clones ("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define CLONES
#endif

/* to = Σ a[k] rows[k], four rows a pass. */
CLONES static void
sum_rows (const float *a,
          gsize        n_rows,
          const float *rows,
          gsize        stride,
          gsize        n,
          float       *to)
{
  gsize k = 0;

  for (; k + 4 <= n_rows; k += 4)
    {
      const float *r = rows + k * stride;
      float        a0 = a[k], a1 = a[k + 1], a2 = a[k + 2], a3 = a[k + 3];

#pragma omp simd
      for (gsize i = 0; i < n; i++)
        to[i] += a0 * r[i] + a1 * r[stride + i] + a2 * r[2 * stride + i] + a3 * r[3 * stride + i];
    }
  for (; k < n_rows; k++)
    {
#pragma omp simd
      for (gsize i = 0; i < n; i++)
        to[i] += a[k] * rows[k * stride + i];
    }
}

/* (transfer full): the file's own pages are not needed any longer then. */
static float *
floats_of (const LimnWeight *weight)
{
  float *floats = g_new (float, weight->n_elements);

  limn_weight_to_f32 (weight, floats);
  limn_weight_release_pages (weight);
  return floats;
}

static float *
transposed (const float *from,
            gsize        rows,
            gsize        columns)
{
  float *to = g_new (float, rows *columns);

  for (gsize r = 0; r < rows; r++)
    for (gsize c = 0; c < columns; c++)
      to[c * rows + r] = from[r * columns + c];
  return to;
}

/* core [r1, r2, kernel] · down [r2, inputs] → [r1, inputs × kernel] */
static float *
fold_core (const LimnWeight *core,
           const float      *down,
           gsize             inputs)
{
  gsize             r1 = (gsize) core->dims[0], r2 = (gsize) core->dims[1], kernel = core->n_elements / (r1 * r2);
  g_autofree float *numbers = floats_of (core);
  float            *to = g_new0 (float, r1 *inputs *kernel);

  for (gsize m = 0; m < r1; m++)
    for (gsize n = 0; n < r2; n++)
      for (gsize i = 0; i < inputs; i++)
        for (gsize k = 0; k < kernel; k++)
          to[(m * inputs + i) * kernel + k] += numbers[(m * r2 + n) * kernel + k] * down[n * inputs + i];
  return to;
}

static void
prepare_product (const LimnFactor *factor,
                 LimnMatrix       *matrix)
{
  gsize up_columns, inputs;

  limn_weight_as_matrix (factor->up, &matrix->rows, &up_columns);
  limn_weight_as_matrix (factor->down, &matrix->rank, &inputs);
  matrix->columns = inputs;
  matrix->up = floats_of (factor->up);
  matrix->down = floats_of (factor->down);
  if (factor->rank_first)
    {
      float *up = transposed (matrix->up, matrix->rows, up_columns);

      g_free (matrix->up);
      matrix->up = up;
      matrix->rows = up_columns;
    }
  if (factor->core != NULL)
    {
      float *down = fold_core (factor->core, matrix->down, inputs);

      g_free (matrix->down);
      matrix->down = down;
      matrix->rank = (gsize) factor->core->dims[0];
      matrix->columns = inputs * (factor->core->n_elements / (matrix->rank * (gsize) factor->core->dims[1]));
    }
}

/* Kronecker factors are small: they are multiplied out. */
static void
prepare_whole (const LimnFactor *factor,
               LimnMatrix       *matrix)
{
  if (factor->whole != NULL)
    {
      limn_weight_as_matrix (factor->whole, &matrix->rows, &matrix->columns);
      matrix->whole = floats_of (factor->whole);
      return;
    }
  prepare_product (factor, matrix);
  matrix->whole = g_new0 (float, matrix->rows * matrix->columns);
  for (gsize row = 0; row < matrix->rows; row++)
    sum_rows (matrix->up + row * matrix->rank, matrix->rank, matrix->down, matrix->columns, matrix->columns, matrix->whole + row * matrix->columns);
  g_clear_pointer (&matrix->up, g_free);
  g_clear_pointer (&matrix->down, g_free);
}

/* A whole difference is read from where it lies. */
static void
prepare_delta (const LimnDelta *delta,
               LimnMatrix       matrices[2])
{
  if (delta->kind == LIMN_DELTA_PLAIN && delta->factors[0].whole != NULL)
    return;
  for (int i = 0; i < (delta->kind == LIMN_DELTA_PLAIN ? 1 : 2); i++)
    if (delta->kind == LIMN_DELTA_KRONECKER || delta->factors[i].whole != NULL)
      prepare_whole (&delta->factors[i], &matrices[i]);
    else
      prepare_product (&delta->factors[i], &matrices[i]);
}

static LimnPrepared *
prepared_new (const LimnPatch *patch)
{
  LimnPrepared *prepared = g_new0 (LimnPrepared, 1);

  g_atomic_ref_count_init (&prepared->refs);
  prepared->n = patch->deltas->len;
  prepared->matrices = g_new0 (LimnMatrix, 2 * prepared->n);
  for (gsize i = 0; i < prepared->n; i++)
    prepare_delta (&g_array_index (patch->deltas, LimnDelta, i), &prepared->matrices[2 * i]);
  return prepared;
}

void
limn_prepared_unref (LimnPrepared *prepared)
{
  if (!g_atomic_ref_count_dec (&prepared->refs))
    return;
  for (gsize i = 0; i < 2 * prepared->n; i++)
    {
      g_free (prepared->matrices[i].up);
      g_free (prepared->matrices[i].down);
      g_free (prepared->matrices[i].whole);
    }
  g_free (prepared->matrices);
  g_free (prepared);
}

/* --- a piece of a row -------------------------------------------------------------------------------------------- */

static void
factor_piece (const LimnMatrix *matrix,
              gsize             row,
              gsize             first,
              gsize             n,
              float            *to)
{
  if (matrix->whole != NULL)
    {
      memcpy (to, matrix->whole + row * matrix->columns + first, n * sizeof *to);
      return;
    }
  memset (to, 0, n * sizeof *to);
  sum_rows (matrix->up + row * matrix->rank, matrix->rank, matrix->down + first, matrix->columns, n, to);
}

/* Row (i, p) of A ⊗ B is A[i, 0] B[p], A[i, 1] B[p], … */
static void
kronecker_piece (const LimnMatrix matrices[2],
                 gsize            row,
                 gsize            first,
                 gsize            n,
                 float           *to)
{
  const LimnMatrix *a = &matrices[0], *b = &matrices[1];
  const float      *outer = a->whole + row / b->rows * a->columns;
  const float      *inner = b->whole + row % b->rows * b->columns;

  for (gsize i = 0; i < n; i++)
    to[i] = outer[(first + i) / b->columns] * inner[(first + i) % b->columns];
}

static void
delta_piece (const LimnDelta *delta,
             const LimnMatrix matrices[2],
             gsize            columns,
             gsize            row,
             gsize            first,
             gsize            n,
             float           *to)
{
  float other[PIECE];

  if (delta->kind == LIMN_DELTA_KRONECKER)
    {
      kronecker_piece (matrices, row, first, n, to);
      return;
    }
  if (delta->kind == LIMN_DELTA_PLAIN && delta->factors[0].whole != NULL)
    {
      limn_weight_range_to_f32 (delta->factors[0].whole, row * columns + first, n, to);
      return;
    }
  factor_piece (&matrices[0], row, first, n, to);
  if (delta->kind == LIMN_DELTA_PLAIN)
    return;
  factor_piece (&matrices[1], row, first, n, other);
  for (gsize i = 0; i < n; i++)
    to[i] *= other[i];
}

/* Makes change @index in @values; @normed: with its magnitude. */
static void
change_piece (const LimnPatch    *patch,
              const LimnPrepared *prepared,
              gsize               index,
              gboolean            normed,
              gsize               row,
              gsize               first,
              gsize               n,
              float              *values)
{
  const LimnDelta *delta = &g_array_index (patch->deltas, LimnDelta, index);
  const float     *gains = normed && delta->magnitude != NULL ? patch->cache->gains->pdata[index] : NULL;
  float            scale = (float) delta->scale, strength = (float) delta->strength, piece[PIECE];

  delta_piece (delta, &prepared->matrices[2 * index], patch->columns, row, first, n, piece);
  if (gains == NULL)
    {
      for (gsize i = 0; i < n; i++)
        values[i] += scale * piece[i];
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      float gain = gains[delta->magnitude_of_rows ? row : (first + i) / patch->kernel];

      values[i] += strength * (gain * (values[i] + scale * piece[i]) - values[i]);
    }
}

static void
change_row (const LimnPatch    *patch,
            const LimnPrepared *prepared,
            gsize               index,
            gboolean            normed,
            gsize               row,
            gsize               first,
            gsize               n,
            float              *values)
{
  for (gsize at = 0; at < n; at += PIECE)
    change_piece (patch, prepared, index, normed, row, first + at, MIN (n - at, PIECE), values + at);
}

void
limn_patch_row (const LimnPatch    *patch,
                const LimnPrepared *prepared,
                gsize               n_deltas,
                gsize               row,
                gsize               first,
                gsize               n,
                float              *values)
{
  for (gsize i = 0; i < n_deltas; i++)
    change_row (patch, prepared, i, TRUE, row, first, n, values);
}

void
limn_patch_row_unnormed (const LimnPatch    *patch,
                         const LimnPrepared *prepared,
                         gsize               n_deltas,
                         gsize               row,
                         float              *values)
{
  limn_patch_row (patch, prepared, n_deltas - 1, row, 0, patch->columns, values);
  change_row (patch, prepared, n_deltas - 1, FALSE, row, 0, patch->columns, values);
}

/* --- magnitudes -------------------------------------------------------------------------------------------------- */

/* Sums of squares over each row, or over all that one input is multiplied by. */
static double *
sum_squares (const LimnPatch    *patch,
             const LimnPrepared *prepared,
             gsize               index,
             gsize               n)
{
  const LimnDelta  *delta = &g_array_index (patch->deltas, LimnDelta, index);
  g_autofree float *row = g_new (float, patch->columns);
  double           *sums = g_new0 (double, n);

  for (gsize r = 0; r < patch->rows; r++)
    {
      limn_weight_range_to_f32 (&patch->base, r * patch->columns, patch->columns, row);
      limn_patch_row_unnormed (patch, prepared, index + 1, r, row);
      for (gsize c = 0; c < patch->columns; c++)
        sums[delta->magnitude_of_rows ? r : c / patch->kernel] += (double) row[c] * row[c];
    }
  return sums;
}

static float *
compute_gains (const LimnPatch    *patch,
               const LimnPrepared *prepared,
               gsize               index)
{
  const LimnWeight  *magnitude = g_array_index (patch->deltas, LimnDelta, index).magnitude;
  g_autofree double *sums = sum_squares (patch, prepared, index, magnitude->n_elements);
  float             *gains = floats_of (magnitude);

  for (gsize i = 0; i < magnitude->n_elements; i++)
    gains[i] = sums[i] > 0 ? (float) (gains[i] / sqrt (sums[i])) : 0;
  return gains;
}

LimnPrepared *
limn_patch_prepare (const LimnPatch *patch)
{
  LimnPatchCache *cache = patch->cache;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&cache->lock);

  if (cache->prepared == NULL)
    cache->prepared = prepared_new (patch);
  for (guint i = 0; i < patch->deltas->len; i++)
    if (g_array_index (patch->deltas, LimnDelta, i).magnitude != NULL && cache->gains->pdata[i] == NULL)
      cache->gains->pdata[i] = compute_gains (patch, cache->prepared, i);
  g_atomic_ref_count_inc (&cache->prepared->refs);
  return cache->prepared;
}
