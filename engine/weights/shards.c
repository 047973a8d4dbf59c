/* Weights in several .safetensors files, named by an index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/json-reader.h"
#include "engine/weights/weights-private.h"

/* Published models have up to some hundred shards; each one costs a descriptor. */
#define MAX_SHARDS 256
#define MAX_INDEX (64 << 20)

typedef struct
{
  const char    *folder;
  const char    *where;
  LimnJsonReader json;
  GString       *name, *file;
  GHashTable    *shards; /* file name → LimnWeights */
  LimnWeights   *weights;
} Index;

/* A shard lies beside its index: anything that could lead elsewhere is refused. */
static gboolean
is_plain_name (const char *name)
{
  return name[0] != '\0' && name[0] != '.' && strchr (name, '/') == NULL && g_str_has_suffix (name, ".safetensors");
}

static LimnWeights *
open_shard (Index   *index,
            GError **error)
{
  LimnWeights     *shard = g_hash_table_lookup (index->shards, index->file->str);
  g_autofree char *shown = limn_printable (index->file->str), *path = NULL;
  g_autoptr (LimnSource) source = NULL;

  if (shard != NULL)
    return shard;
  if (!is_plain_name (index->file->str))
    return limn_file_error (error, index->where,
                            "names “%s”, which is no .safetensors file beside it", shown),
           NULL;
  if (g_hash_table_size (index->shards) == MAX_SHARDS)
    return limn_file_error (error, index->where, "names more than %d files", MAX_SHARDS), NULL;

  path = g_build_filename (index->folder, index->file->str, NULL);
  source = limn_source_open (path, error);
  shard = source != NULL ? limn_safetensors_read (source, FALSE, error) : NULL;
  if (shard == NULL)
    return NULL;
  g_hash_table_insert (index->shards, g_strdup (index->file->str), shard);
  limn_weights_add_sources_of (index->weights, shard);
  return shard;
}

static gboolean
read_member (Index   *index,
             GError **error)
{
  LimnWeights      *shard;
  const LimnWeight *weight;
  const char       *type;
  g_autofree char  *shown = NULL;

  limn_json_key (&index->json, index->name);
  limn_json_string (&index->json, index->file);
  if (index->json.failed)
    return TRUE;
  shard = open_shard (index, error);
  if (shard == NULL)
    return FALSE;

  weight = limn_weights_find (shard, index->name->str);
  type = limn_weights_skipped (shard, index->name->str);
  shown = limn_printable (index->name->str);
  if (weight == NULL && type == NULL)
    return limn_file_error (error, index->where,
                            "says that “%s” is in %s, but it is not; download both again",
                            shown, index->file->str);
  if (weight != NULL)
    limn_weights_add (index->weights, weight->name, weight);
  else
    limn_weights_skip (index->weights, index->name->str, type);
  return TRUE;
}

static gboolean
read_map (Index   *index,
          GError **error)
{
  limn_json_open (&index->json, '{');
  while (limn_json_more (&index->json, '}'))
    if (!read_member (index, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_index (Index   *index,
            GError **error)
{
  gboolean found = FALSE;

  limn_json_open (&index->json, '{');
  while (limn_json_more (&index->json, '}'))
    {
      limn_json_key (&index->json, index->name);
      if (strcmp (index->name->str, "weight_map") != 0)
        {
          limn_json_skip (&index->json);
          continue;
        }
      found = TRUE;
      if (!read_map (index, error))
        return FALSE;
    }
  limn_json_finish (&index->json);
  if (index->json.failed || !found)
    return limn_file_error (
        error, index->where,
        "is no index of .safetensors files (a “weight_map” is missing, or it is damaged)");
  return limn_weights_seal (index->weights, error);
}

LimnWeights *
limn_shards_read (const char *path,
                  GError    **error)
{
  gsize            size = 0;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = limn_file_read (path, MAX_INDEX, &size, error);
  g_autofree char *shown = limn_printable (path);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) file = g_string_new (NULL);
  g_autoptr (LimnWeights) weights = limn_weights_new ();
  g_autoptr (GHashTable) shards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify) limn_weights_unref);
  Index index = { .folder = folder,
                  .where = shown,
                  .name = name,
                  .file = file,
                  .shards = shards,
                  .weights = weights };

  if (text == NULL)
    return NULL;
  limn_json_init (&index.json, text, size);
  return read_index (&index, error) ? g_steal_pointer (&weights) : NULL;
}
