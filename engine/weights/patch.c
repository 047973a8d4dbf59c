/* Patches: what may be changed by what, and views of weights with changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/patch-private.h"
#include "engine/weights/weights-private.h"

/* Larger ones are nobody's; with a core, memory grows with the rank where the file does not. */
#define MAX_RANK 16384
#define MAX_CORE_RANK 2048

static LimnPatchCache *
cache_new (void)
{
  LimnPatchCache *cache = g_new0 (LimnPatchCache, 1);

  g_mutex_init (&cache->lock);
  cache->gains = g_ptr_array_new_with_free_func (g_free);
  return cache;
}

static void
cache_free (LimnPatchCache *cache)
{
  g_clear_pointer (&cache->prepared, limn_prepared_unref);
  g_ptr_array_unref (cache->gains);
  g_mutex_clear (&cache->lock);
  g_free (cache);
}

gboolean
limn_weight_as_matrix (const LimnWeight *weight,
                       gsize            *rows,
                       gsize            *columns)
{
  *rows = weight->n_dims > 0 ? (gsize) weight->dims[0] : 1;
  *columns = *rows > 0 ? weight->n_elements / *rows : 0;
  return *rows > 0 && *columns > 0;
}

LimnPatch *
limn_patch_new (const LimnWeight *base)
{
  LimnPatch *patch = g_new0 (LimnPatch, 1);

  g_atomic_ref_count_init (&patch->refs);
  patch->base = *base;
  limn_weight_as_matrix (base, &patch->rows, &patch->columns);
  patch->kernel = 1;
  for (int d = 2; d < base->n_dims; d++)
    patch->kernel *= (gsize) base->dims[d];
  patch->deltas = g_array_new (FALSE, FALSE, sizeof (LimnDelta));
  patch->owners = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_weights_unref);
  patch->more = g_array_new (FALSE, FALSE, sizeof (float));
  patch->cache = cache_new ();
  return patch;
}

LimnPatch *
limn_patch_ref (LimnPatch *patch)
{
  g_atomic_ref_count_inc (&patch->refs);
  return patch;
}

void
limn_patch_unref (LimnPatch *patch)
{
  if (!g_atomic_ref_count_dec (&patch->refs))
    return;
  cache_free (patch->cache);
  g_array_unref (patch->deltas);
  g_array_unref (patch->more);
  g_ptr_array_unref (patch->owners);
  g_free (patch);
}

/* --- what fits --------------------------------------------------------------------------------------------------- */

typedef struct
{
  gsize rows, columns;
} Size;

static gboolean
misfit (GError          **error,
        const LimnWeight *weight,
        const char       *why)
{
  g_autofree char *shown = limn_printable (weight->name);

  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE, "the tensor “%s” %s; get the file again", shown, why);
  return FALSE;
}

static gboolean
check_rank (const LimnWeight *weight,
            gsize             rank,
            gsize             other,
            gsize             limit,
            GError          **error)
{
  if (rank != other)
    return misfit (error, weight, "has another rank than the one it belongs to");
  return rank <= limit || misfit (error, weight, "has a larger rank than any layer");
}

/* up · core · down: [r1, r2, kernel…] in the middle. */
static gboolean
size_with_core (const LimnFactor *factor,
                Size              up,
                Size              down,
                Size             *size,
                GError          **error)
{
  const LimnWeight *core = factor->core;
  gsize             first, rest, second;

  if (core->n_dims < 2 || !limn_weight_as_matrix (core, &first, &rest))
    return misfit (error, core, "has too few dimensions");
  second = (gsize) core->dims[1];
  if (!check_rank (factor->up, factor->rank_first ? up.rows : up.columns, first, MAX_CORE_RANK, error)
      || !check_rank (factor->down, down.rows, second, MAX_CORE_RANK, error))
    return FALSE;
  size->rows = factor->rank_first ? up.columns : up.rows;
  /* Both are tensors of a file, and their products fit the address space many times. */
  size->columns = down.columns * (rest / second);
  return TRUE;
}

static gboolean
factor_size (const LimnFactor *factor,
             Size             *size,
             GError          **error)
{
  Size up, down;

  if (factor->whole != NULL)
    return limn_weight_as_matrix (factor->whole, &size->rows, &size->columns) || misfit (error, factor->whole, "is empty");
  if (!limn_weight_as_matrix (factor->up, &up.rows, &up.columns))
    return misfit (error, factor->up, "is empty");
  if (!limn_weight_as_matrix (factor->down, &down.rows, &down.columns))
    return misfit (error, factor->down, "is empty");
  if (factor->core != NULL)
    return size_with_core (factor, up, down, size, error);
  *size = (Size){ up.rows, down.columns };
  return check_rank (factor->up, up.columns, down.rows, MAX_RANK, error);
}

static const LimnWeight *
first_tensor (const LimnDelta *delta)
{
  const LimnFactor *factor = &delta->factors[0];

  return factor->whole != NULL ? factor->whole : factor->up;
}

/* Returns whether a · b = c without overflowing. */
static gboolean
is_product (gsize a,
            gsize b,
            gsize c)
{
  return a > 0 && c % a == 0 && c / a == b;
}

static gboolean
check_size (const LimnPatch *patch,
            const LimnDelta *delta,
            const Size       sizes[2],
            GError         **error)
{
  g_autofree char *shown = limn_printable (first_tensor (delta)->name);
  gboolean         fits = sizes[0].rows == patch->rows && sizes[0].columns == patch->columns;

  if (delta->kind == LIMN_DELTA_KRONECKER)
    fits = is_product (sizes[0].rows, sizes[1].rows, patch->rows)
           && is_product (sizes[0].columns, sizes[1].columns, patch->columns) && sizes[1].columns % patch->kernel == 0;
  if (delta->kind == LIMN_DELTA_HADAMARD && (sizes[0].rows != sizes[1].rows || sizes[0].columns != sizes[1].columns))
    return misfit (error, first_tensor (delta), "has another size than the one it is multiplied with");
  if (fits)
    return TRUE;
  if (delta->kind == LIMN_DELTA_KRONECKER)
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                 "“%s” does not divide this model's weight of %zu × %zu", shown, patch->rows, patch->columns);
  else
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                 "“%s” changes a weight of %zu × %zu, this model's has %zu × %zu", shown,
                 sizes[0].rows, sizes[0].columns, patch->rows, patch->columns);
  return FALSE;
}

/* Decides which way the magnitude goes: [out], [out, 1…] or [1, in, 1…]. */
static gboolean
check_magnitude (const LimnPatch *patch,
                 LimnDelta       *delta,
                 GError         **error)
{
  const LimnWeight *magnitude = delta->magnitude;
  gsize             inputs = patch->columns / patch->kernel;
  gboolean          lies = magnitude != NULL && magnitude->n_dims > 1 && magnitude->dims[0] == 1 && magnitude->n_elements > 1;

  if (magnitude == NULL)
    return TRUE;
  if (!delta->magnitude_of_rows)
    delta->magnitude_of_rows = magnitude->n_elements == patch->rows && (!lies || inputs != patch->rows);
  if (magnitude->n_elements == (delta->magnitude_of_rows ? patch->rows : inputs))
    return TRUE;
  return misfit (error, magnitude, "has not one number for each input or output");
}

gboolean
limn_patch_add (LimnPatch       *patch,
                const LimnDelta *delta,
                LimnWeights     *owner,
                GError         **error)
{
  LimnDelta copy = *delta;
  Size      sizes[2] = { { 0, 0 }, { 0, 0 } };
  int       n = delta->kind == LIMN_DELTA_PLAIN ? 1 : 2;

  for (int i = 0; i < n; i++)
    if (!factor_size (&delta->factors[i], &sizes[i], error))
      return FALSE;
  if (!check_size (patch, delta, sizes, error) || !check_magnitude (patch, &copy, error))
    return FALSE;
  g_array_append_val (patch->deltas, copy);
  g_ptr_array_add (patch->owners, limn_weights_ref (owner));
  g_ptr_array_add (patch->cache->gains, NULL);
  return TRUE;
}

void
limn_patch_add_rows (LimnPatch   *patch,
                     const float *rows,
                     gsize        n)
{
  g_array_append_vals (patch->more, rows, n * patch->columns);
}

gsize
limn_delta_rank (const LimnDelta *delta)
{
  for (int i = 1; i >= 0; i--)
    if (delta->factors[i].down != NULL && delta->factors[i].down->n_dims > 0)
      return (gsize) delta->factors[i].down->dims[0];
  return 0;
}

/* --- views ------------------------------------------------------------------------------------------------------- */

LimnWeight
limn_patch_weight (const LimnPatch *patch)
{
  LimnWeight weight = patch->base;

  weight.patch = patch;
  weight.n_elements += patch->more->len;
  if (weight.n_dims > 0 && patch->columns > 0)
    weight.dims[0] += (gint64) (patch->more->len / patch->columns);
  return weight;
}

/* Files of changes are watched and given up as the base's are. */
static void
add_owners (LimnWeights     *view,
            const LimnPatch *patch,
            GHashTable      *seen)
{
  for (guint i = 0; i < patch->owners->len; i++)
    if (g_hash_table_add (seen, patch->owners->pdata[i]))
      limn_weights_add_sources_of (view, patch->owners->pdata[i]);
}

LimnWeights *
limn_weights_patched (const LimnWeights *base,
                      GHashTable        *patches)
{
  g_autoptr (LimnWeights) view = limn_weights_new ();
  g_autoptr (GHashTable) owners = g_hash_table_new (NULL, NULL);

  limn_weights_add_sources_of (view, base);
  limn_weights_add_metadata_of (view, base);
  limn_weights_add_skipped_of (view, base);
  /* Sorted by name as the base is. */
  for (gsize i = 0; i < limn_weights_count (base); i++)
    {
      const LimnWeight *weight = limn_weights_get (base, i);
      LimnPatch        *patch = g_hash_table_lookup (patches, weight->name);
      LimnWeight        patched = patch != NULL ? limn_patch_weight (patch) : *weight;

      if (patch != NULL)
        {
          limn_weights_add_patch (view, patch);
          add_owners (view, patch, owners);
        }
      limn_weights_add (view, weight->name, &patched);
    }
  return g_steal_pointer (&view);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

/* Below this many multiplications a second thread costs more than it saves. */
#define PARALLEL ((double) (1 << 22))

static double
cost_of (const LimnPatch *patch,
         gsize            n)
{
  double ranks = 1;

  for (guint i = 0; i < patch->deltas->len; i++)
    ranks += (double) limn_delta_rank (&g_array_index (patch->deltas, LimnDelta, i)) + 1;
  return ranks * (double) n;
}

static void
change (const LimnPatch *patch,
        gsize            first,
        gsize            n,
        float           *to)
{
  g_autoptr (LimnPrepared) prepared = limn_patch_prepare (patch);
  gsize columns = patch->columns, last = (first + n - 1) / columns;

#pragma omp parallel for schedule(static) if (cost_of(patch, n) > PARALLEL)
  for (gsize row = first / columns; row <= last; row++)
    {
      gsize begin = MAX (first, row * columns), end = MIN (first + n, (row + 1) * columns);

      limn_patch_row (patch, prepared, patch->deltas->len, row, begin - row * columns, end - begin, to + (begin - first));
    }
}

void
limn_patch_range_to_f32 (const LimnPatch *patch,
                         gsize            first,
                         gsize            n,
                         float           *to)
{
  gsize own = patch->base.n_elements;
  gsize below = first < own ? MIN (n, own - first) : 0;

  limn_weight_range_to_f32 (&patch->base, MIN (first, own), below, to);
  if (below > 0 && patch->deltas->len > 0)
    change (patch, first, below, to);
  if (below < n)
    memcpy (to + below, (float *) patch->more->data + (first + below - own), (n - below) * sizeof (float));
}

void
limn_patch_release (const LimnPatch *patch)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&patch->cache->lock);

  g_clear_pointer (&patch->cache->prepared, limn_prepared_unref);
}
