/* Weights: a model's named tensors, and views of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/patch.h"
#include "engine/weights/weights-private.h"

#include <sys/mman.h>
#include <unistd.h>

#include <stdarg.h>

struct _LimnWeights
{
  gatomicrefcount refs;
  GPtrArray      *sources; /* LimnSource */
  GPtrArray      *patches; /* LimnPatch */
  GStringChunk   *names;
  GArray         *weights;  /* LimnWeight, sorted by name once sealed */
  GHashTable     *skipped;  /* name → type, both not owned */
  GHashTable     *metadata; /* key → value, both owned by @names */
};

LimnWeights *
limn_weights_new (void)
{
  LimnWeights *weights = g_new0 (LimnWeights, 1);

  g_atomic_ref_count_init (&weights->refs);
  weights->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_source_unref);
  weights->patches = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_patch_unref);
  weights->names = g_string_chunk_new (16384);
  weights->weights = g_array_new (FALSE, FALSE, sizeof (LimnWeight));
  weights->skipped = g_hash_table_new (g_str_hash, g_str_equal);
  weights->metadata = g_hash_table_new (g_str_hash, g_str_equal);
  return weights;
}

LimnWeights *
limn_weights_ref (LimnWeights *weights)
{
  g_atomic_ref_count_inc (&weights->refs);
  return weights;
}

void
limn_weights_unref (LimnWeights *weights)
{
  if (!g_atomic_ref_count_dec (&weights->refs))
    return;
  g_ptr_array_unref (weights->patches);
  g_ptr_array_unref (weights->sources);
  g_array_unref (weights->weights);
  g_hash_table_unref (weights->skipped);
  g_hash_table_unref (weights->metadata);
  g_string_chunk_free (weights->names);
  g_free (weights);
}

void
limn_weights_add_source (LimnWeights *weights,
                         LimnSource  *source)
{
  g_ptr_array_add (weights->sources, limn_source_ref (source));
}

void
limn_weights_add_sources_of (LimnWeights       *weights,
                             const LimnWeights *from)
{
  for (guint i = 0; i < from->sources->len; i++)
    limn_weights_add_source (weights, g_ptr_array_index (from->sources, i));
  for (guint i = 0; i < from->patches->len; i++)
    limn_weights_add_patch (weights, g_ptr_array_index (from->patches, i));
}

void
limn_weights_add_patch (LimnWeights *weights,
                        LimnPatch   *patch)
{
  g_ptr_array_add (weights->patches, limn_patch_ref (patch));
}

void
limn_weights_add_skipped_of (LimnWeights       *weights,
                             const LimnWeights *from)
{
  GHashTableIter iter;
  gpointer       name, type;

  g_hash_table_iter_init (&iter, from->skipped);
  while (g_hash_table_iter_next (&iter, &name, &type))
    limn_weights_skip (weights, name, type);
}

void
limn_weights_add_metadata_of (LimnWeights       *weights,
                              const LimnWeights *from)
{
  GHashTableIter iter;
  gpointer       key, value;

  g_hash_table_iter_init (&iter, from->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    limn_weights_set_metadata (weights, key, value);
}

void
limn_weights_add (LimnWeights      *weights,
                  const char       *name,
                  const LimnWeight *weight)
{
  LimnWeight copy = *weight;

  copy.name = g_string_chunk_insert (weights->names, name);
  g_array_append_val (weights->weights, copy);
}

void
limn_weights_set_metadata (LimnWeights *weights,
                           const char  *key,
                           const char  *value)
{
  g_hash_table_insert (weights->metadata,
                       g_string_chunk_insert (weights->names, key),
                       g_string_chunk_insert (weights->names, value));
}

void
limn_weights_skip (LimnWeights *weights,
                   const char  *name,
                   const char  *type)
{
  g_hash_table_insert (weights->skipped, g_string_chunk_insert (weights->names, name),
                       (char *) type);
}

const char *
limn_weights_skipped (const LimnWeights *weights,
                      const char        *name)
{
  return g_hash_table_lookup (weights->skipped, name);
}

static int
compare_names (const void *a,
               const void *b)
{
  return strcmp (((const LimnWeight *) a)->name, ((const LimnWeight *) b)->name);
}

const char *
limn_weights_where (const LimnWeights *weights)
{
  return weights->sources->len > 0 ? limn_source_name (g_ptr_array_index (weights->sources, 0))
                                   : "weights";
}

/* Most writers sort the names, of which none is there twice. */
static gboolean
is_sorted (const LimnWeights *weights)
{
  for (guint i = 1; i < weights->weights->len; i++)
    if (compare_names (&g_array_index (weights->weights, LimnWeight, i - 1), &g_array_index (weights->weights, LimnWeight, i)) >= 0)
      return FALSE;
  return TRUE;
}

gboolean
limn_weights_seal (LimnWeights *weights,
                   GError     **error)
{
  if (is_sorted (weights) && g_hash_table_size (weights->skipped) == 0)
    return TRUE;
  g_array_sort (weights->weights, compare_names);
  for (guint i = 0; i < weights->weights->len; i++)
    {
      const char *name = limn_weights_get (weights, i)->name;
      gboolean    twice = i > 0 && strcmp (limn_weights_get (weights, i - 1)->name, name) == 0;

      if (twice || limn_weights_skipped (weights, name) != NULL)
        {
          g_autofree char *shown = limn_printable (name);

          return limn_file_error (error, limn_weights_where (weights),
                                  "has the tensor “%s” twice; download it again", shown);
        }
    }
  return TRUE;
}

gsize
limn_weights_count (const LimnWeights *weights)
{
  return weights->weights->len;
}

const LimnWeight *
limn_weights_get (const LimnWeights *weights,
                  gsize              index)
{
  g_return_val_if_fail (index < weights->weights->len, NULL);
  return &g_array_index (weights->weights, LimnWeight, index);
}

const LimnWeight *
limn_weights_find (const LimnWeights *weights,
                   const char        *name)
{
  LimnWeight key = { .name = name };
  guint      index;

  if (!g_array_binary_search (weights->weights, &key, compare_names, &index))
    return NULL;
  return limn_weights_get (weights, index);
}

const LimnWeight *
limn_weights_require (const LimnWeights *weights,
                      const char        *name,
                      GError           **error)
{
  const LimnWeight *weight = limn_weights_find (weights, name);
  const char       *type = limn_weights_skipped (weights, name);

  if (weight == NULL && type != NULL)
    g_set_error (
        error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
        "%s: the tensor “%s” has the type %s, which is not supported; convert it to F16 or F32",
        limn_weights_where (weights), name, type);
  else if (weight == NULL)
    limn_file_error (
        error, limn_weights_where (weights),
        "the tensor “%s” is missing; this is another kind of model, or a part of one", name);
  return weight;
}

const char *
limn_weights_metadata (const LimnWeights *weights,
                       const char        *key)
{
  return g_hash_table_lookup (weights->metadata, key);
}

LimnWeights *
limn_weights_subset (const LimnWeights *weights,
                     const char        *prefix)
{
  g_autofree char *start = g_strconcat (prefix, ".", NULL);
  LimnWeights     *view = limn_weights_new ();
  gsize            length = strlen (start);
  GHashTableIter   iter;
  gpointer         key, value;

  limn_weights_add_sources_of (view, weights);
  limn_weights_add_metadata_of (view, weights);
  /* Sorted by name stays sorted when the same beginning is taken off. */
  for (gsize i = 0; i < limn_weights_count (weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (weights, i);

      if (strncmp (weight->name, start, length) == 0)
        limn_weights_add (view, weight->name + length, weight);
    }
  g_hash_table_iter_init (&iter, weights->skipped);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, start))
      limn_weights_skip (view, (const char *) key + length, value);
  return view;
}

gboolean
limn_weights_check (const LimnWeights *weights,
                    GError           **error)
{
  for (guint i = 0; i < weights->sources->len; i++)
    if (!limn_source_check (g_ptr_array_index (weights->sources, i), error))
      return FALSE;
  return TRUE;
}

void
limn_weights_release_pages (const LimnWeights *weights,
                            const LimnWeight  *weight)
{
  for (guint i = 0; i < weights->sources->len; i++)
    if (limn_source_release (g_ptr_array_index (weights->sources, i), weight->data, weight->size))
      return;
}

void
limn_weight_release_pages (const LimnWeight *weight)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize first = ((gsize) weight->data + page - 1) / page * page;
  gsize last = ((gsize) weight->data + weight->size) / page * page;

  if (weight->patch != NULL)
    limn_patch_release (weight->patch);
  if (weight->mapped && first < last)
    madvise ((void *) first, last - first, MADV_DONTNEED);
}

void
limn_weights_release_all_pages (const LimnWeights *weights)
{
  for (guint i = 0; i < weights->sources->len; i++)
    {
      gsize         size = 0;
      const guint8 *data = limn_source_data (g_ptr_array_index (weights->sources, i), &size);

      limn_source_release (g_ptr_array_index (weights->sources, i), data, size);
    }
}

/* Numbers in blocks, from @first on, which may lie inside one. Blocks need no alignment. */
static void
blocks_to_f32 (const LimnWeight *weight,
               gsize             first,
               gsize             n,
               float            *to)
{
  const LimnTypeInfo *info = limn_type_info (weight->type);
  const guint8       *from = weight->data + first / info->elements * info->size;
  gsize               skip = first % info->elements, count = MIN (n, info->elements - skip);
  float               block[LIMN_MAX_BLOCK];

  if (skip > 0)
    {
      info->decode (from, block);
      memcpy (to, block + skip, count * sizeof *to);
      from += info->size;
      to += count;
      n -= count;
    }
  limn_type_to_f32 (weight->type, from, to, n);
}

/* Numbers that are not where their type may lie. */
static void
unaligned_to_f32 (LimnType      type,
                  const guint8 *from,
                  gsize         n,
                  float        *to)
{
  enum
  {
    PIECE = 1024
  };
  gsize   size = limn_type_size (type);
  guint32 piece[PIECE]; /* aligned for every type */

  for (gsize i = 0; i < n; i += PIECE)
    {
      gsize count = MIN (n - i, PIECE);

      memcpy (piece, from + i * size, count * size);
      limn_type_to_f32 (type, piece, to + i, count);
    }
}

void
limn_weight_range_to_f32 (const LimnWeight *weight,
                          gsize             first,
                          gsize             n,
                          float            *to)
{
  const LimnTypeInfo *info = limn_type_info (weight->type);
  const guint8       *from;

  g_return_if_fail (first <= weight->n_elements && n <= weight->n_elements - first);
  if (n == 0)
    return;
  if (weight->patch != NULL)
    {
      limn_patch_range_to_f32 (weight->patch, first, n, to);
      return;
    }
  if (info->decode != NULL)
    {
      blocks_to_f32 (weight, first, n, to);
      return;
    }
  from = weight->data + first * info->size;
  if ((guintptr) from % info->size == 0)
    limn_type_to_f32 (weight->type, from, to, n);
  else
    unaligned_to_f32 (weight->type, from, n, to);
}

void
limn_weight_to_f32 (const LimnWeight *weight,
                    float            *to)
{
  limn_weight_range_to_f32 (weight, 0, weight->n_elements, to);
}

gboolean
limn_file_error (GError    **error,
                 const char *where,
                 const char *format,
                 ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE, "%s: %s", where, what);
  return FALSE;
}

char *
limn_printable (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *out = g_string_new (NULL);
  int              n = 0;

  for (const char *p = valid; *p != '\0' && n < 200; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (out, g_unichar_isprint (c) ? c : '?');
    }
  if (n == 200)
    g_string_append (out, "…");
  return g_string_free (out, FALSE);
}
