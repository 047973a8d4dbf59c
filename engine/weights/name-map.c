/* Name maps: tensors of other layouts under the names of the diffusers layout.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/name-map.h"
#include "engine/weights/weights-private.h"

/* A number in a name; longer ones are no index of anything. */
#define MAX_DIGITS 5

typedef struct
{
  LimnTopology topology;
  LimnWeights *view;
  GString     *name;
  const char  *where;
} Mapping;

/* Matches the beginning of @name. Returns what follows it, or NULL. */
static const char *
match (const char *pattern,
       const char *name,
       int        *numbers)
{
  int n = 0;

  for (; *pattern != '\0'; pattern++)
    {
      int digits = 0;

      if (*pattern != '#')
        {
          if (*name++ != *pattern)
            return NULL;
          continue;
        }
      g_return_val_if_fail (n < LIMN_NAME_MAX_NUMBERS, NULL);
      numbers[n] = 0;
      for (; g_ascii_isdigit (*name) && digits < MAX_DIGITS; name++, digits++)
        numbers[n] = numbers[n] * 10 + (*name - '0');
      if (digits == 0 || (digits > 1 && name[-digits] == '0'))
        return NULL;
      n++;
    }
  return name;
}

/* Puts the numbers where the pattern has '#'. */
static void
append (GString    *out,
        const char *pattern,
        const int  *numbers)
{
  for (; *pattern != '\0'; pattern++)
    if (*pattern == '#')
      g_string_append_printf (out, "%d", *numbers++);
    else
      g_string_append_c (out, *pattern);
}

static void
drop_ones (LimnWeight *weight)
{
  while (weight->n_dims > 2 && weight->dims[weight->n_dims - 1] == 1)
    weight->n_dims--;
}

/* @memory: (transfer full): @weight->size bytes that @weight is in from now on */
static void
take_memory (Mapping    *mapping,
             LimnWeight *weight,
             gpointer    memory)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (memory, weight->size);
  g_autoptr (LimnSource) source = limn_source_new_from_bytes (bytes);

  limn_weights_add_source (mapping->view, source);
  weight->data = memory;
  weight->mapped = FALSE;
}

/* Numbers in blocks as floats: where a view would cut the blocks. */
static gboolean
decode (Mapping    *mapping,
        LimnWeight *weight)
{
  float *to = weight->n_elements <= G_MAXSIZE / sizeof *to ? g_try_malloc (MAX (weight->n_elements * sizeof *to, 1)) : NULL;

  if (to == NULL)
    return FALSE;
  limn_weight_to_f32 (weight, to);
  weight->type = LIMN_F32;
  weight->size = weight->n_elements * sizeof *to;
  take_memory (mapping, weight, to);
  return TRUE;
}

static gboolean
take_rows (Mapping            *mapping,
           LimnWeight         *weight,
           const LimnNameRule *rule)
{
  gsize elements;

  if (weight->n_dims < 1 || weight->dims[0] % rule->rows != 0)
    return FALSE;
  elements = weight->n_elements / rule->rows;
  if (elements % limn_type_info (weight->type)->elements != 0 && !decode (mapping, weight))
    return FALSE;
  weight->dims[0] /= rule->rows;
  weight->n_elements = elements;
  weight->size /= rule->rows;
  weight->data += weight->size * rule->row;
  return TRUE;
}

/* Such tensors are small (a text projection). */
static gboolean
transpose (Mapping    *mapping,
           LimnWeight *weight)
{
  gsize   size, rows = weight->dims[0], columns = weight->dims[1];
  guint8 *to;

  if (weight->n_dims != 2 || (limn_type_info (weight->type)->decode != NULL && !decode (mapping, weight)))
    return FALSE;
  size = limn_type_size (weight->type);
  to = g_try_malloc (MAX (weight->size, 1));
  if (to == NULL)
    return FALSE;
  for (gsize c = 0; c < columns; c++)
    for (gsize r = 0; r < rows; r++)
      memcpy (to + (c * rows + r) * size, weight->data + (r * columns + c) * size, size);
  take_memory (mapping, weight, to);
  weight->dims[0] = (gint64) columns;
  weight->dims[1] = (gint64) rows;
  return TRUE;
}

static gboolean
add_view (Mapping            *mapping,
          const LimnNameRule *rule,
          const LimnWeight   *weight,
          GError            **error)
{
  LimnWeight       view = *weight;
  gboolean         fits = rule->rows == 0 || take_rows (mapping, &view, rule);
  g_autofree char *shown = NULL;

  if (rule->view == LIMN_NAME_DROP_ONES)
    drop_ones (&view);
  if (rule->view == LIMN_NAME_TRANSPOSE)
    fits = fits && transpose (mapping, &view);
  if (fits)
    {
      limn_weights_add (mapping->view, mapping->name->str, &view);
      return TRUE;
    }
  shown = limn_printable (weight->name);
  return limn_file_error (
      error, mapping->where,
      "the tensor “%s” has other dimensions than its name says; download it again", shown);
}

/* Adds what @rules make of @weight, of whose name @name is still to be matched. @done: a rule took all of it. */
static gboolean
rename_weight (Mapping            *mapping,
               const LimnNameRule *rules,
               const char         *name,
               const LimnWeight   *weight,
               gboolean           *done,
               GError            **error)
{
  const gsize length = mapping->name->len;

  for (const LimnNameRule *rule = rules; rule->from != NULL && !*done; rule++)
    {
      int         in[LIMN_NAME_MAX_NUMBERS] = { 0 }, out[LIMN_NAME_MAX_NUMBERS] = { 0 };
      const char *rest = match (rule->from, name, in);

      if (rest == NULL || (rule->renumber != NULL && !rule->renumber (&mapping->topology, in, out)))
        continue;
      append (mapping->name, rule->to, rule->renumber != NULL ? out : in);
      if (rule->inner == NULL)
        {
          g_string_append (mapping->name, rest);
          *done = rule->rows == 0;
          if (!add_view (mapping, rule, weight, error))
            return FALSE;
        }
      else if (!rename_weight (mapping, rule->inner, rest, weight, done, error))
        return FALSE;
      g_string_truncate (mapping->name, length);
    }
  return TRUE;
}

/* (transfer full) (nullable): the part's tensors without its prefix, if its probe is there. */
static LimnWeights *
strip (const LimnNamePart *part,
       const LimnWeights  *weights)
{
  for (int i = 0; i < LIMN_NAME_MAX_PREFIXES && part->prefixes[i] != NULL; i++)
    {
      const char      *prefix = part->prefixes[i];
      g_autofree char *probe = g_strconcat (prefix, *prefix != '\0' ? "." : "", part->probe, NULL);

      if (limn_weights_find (weights, probe) == NULL)
        continue;
      return *prefix != '\0' ? limn_weights_subset (weights, prefix)
                             : limn_weights_ref ((LimnWeights *) weights);
    }
  return NULL;
}

/* (transfer full) (nullable): @found: which entry of the map it is. */
static LimnWeights *
find_part (const LimnNameMap   *map,
           const LimnWeights   *weights,
           const char          *name,
           const LimnNamePart **found)
{
  for (const LimnNamePart *part = map->parts; part->part != NULL; part++)
    {
      LimnWeights *stripped = strcmp (part->part, name) == 0 ? strip (part, weights) : NULL;

      *found = part;
      if (stripped != NULL)
        return stripped;
    }
  return NULL;
}

gboolean
limn_name_map_has (const LimnNameMap *map,
                   const LimnWeights *weights,
                   const char        *part)
{
  const LimnNamePart *found = NULL;
  g_autoptr (LimnWeights) stripped = find_part (map, weights, part, &found);

  return stripped != NULL;
}

LimnWeights *
limn_weights_renamed (const LimnWeights *weights,
                      const LimnNameMap *map,
                      const char        *part,
                      GError           **error)
{
  const LimnNamePart *found = NULL;
  g_autoptr (LimnWeights) stripped = find_part (map, weights, part, &found);
  g_autoptr (LimnWeights) view = limn_weights_new ();
  g_autoptr (GString) name = g_string_new (NULL);
  Mapping mapping = { .view = view, .name = name, .where = limn_weights_where (weights) };

  if (stripped == NULL)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                   "%s: no “%s” is in it in the layout of %s", mapping.where, part, map->name);
      return NULL;
    }
  limn_weights_add_sources_of (view, stripped);
  limn_weights_add_metadata_of (view, stripped);
  if (found->measure != NULL)
    found->measure (stripped, &mapping.topology);
  for (gsize i = 0; i < limn_weights_count (stripped); i++)
    {
      const LimnWeight *weight = limn_weights_get (stripped, i);
      gboolean          done = FALSE;

      if (!rename_weight (&mapping, found->rules, weight->name, weight, &done, error))
        return NULL;
    }
  return limn_weights_seal (view, error) ? g_steal_pointer (&view) : NULL;
}

int
limn_names_count (const LimnWeights *weights,
                  const char        *before,
                  int                first,
                  const char        *after)
{
  for (int n = first;; n++)
    {
      g_autofree char *name = g_strdup_printf ("%s%d%s", before, n, after);

      if (limn_weights_find (weights, name) == NULL)
        return n - first;
    }
}
