/* A model's adapters and embeddings: which are set, and its weights with them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters.h"

#include <math.h>

#include "engine/adapters/adapter.h"
#include "engine/adapters/token-embedding.h"
#include "engine/model-private.h"

#define MAX_WEIGHT 100.0
#define TOKEN_TABLE "text_model.embeddings.token_embedding.weight"

typedef struct
{
  char  *path;
  double weight, text_weight;
  guint  used, unused;
  char  *first_unused;
} ActiveAdapter;

/**
 * LimnAdapters:
 * @files: path → LimnAdapterFile
 * @active: (element-type ActiveAdapter)
 * @embeddings: (element-type LimnTokenEmbedding): their ids follow the model's, in this order
 * @views: part → LimnWeights, only of parts that are changed
 */
struct _LimnAdapters
{
  GHashTable *files;
  GPtrArray  *active;
  GPtrArray  *embeddings;
  GHashTable *views;
};

static void
active_free (ActiveAdapter *active)
{
  g_free (active->path);
  g_free (active->first_unused);
  g_free (active);
}

static GPtrArray *
active_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) active_free);
}

static GPtrArray *
embedding_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) limn_token_embedding_free);
}

LimnAdapters *
limn_adapters_new (void)
{
  LimnAdapters *adapters = g_new0 (LimnAdapters, 1);

  adapters->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_adapter_file_free);
  adapters->active = active_list ();
  adapters->embeddings = embedding_list ();
  adapters->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_weights_unref);
  return adapters;
}

void
limn_adapters_free (LimnAdapters *adapters)
{
  g_hash_table_unref (adapters->views);
  g_ptr_array_unref (adapters->embeddings);
  g_ptr_array_unref (adapters->active);
  g_hash_table_unref (adapters->files);
  g_free (adapters);
}

LimnWeights *
limn_model_weights (LimnModel  *model,
                    const char *part,
                    GError    **error)
{
  LimnWeights *view = part != NULL ? g_hash_table_lookup (model->adapters->views, part) : NULL;

  return view != NULL ? limn_weights_ref (view) : limn_model_folder_weights (model->folder, part, error);
}

/* --- making views ------------------------------------------------------------------------------------------------ */

/* From the cache, unless the file was changed since. */
static const LimnAdapterFile *
open_file (LimnAdapters *adapters,
           const char   *path,
           GError      **error)
{
  LimnAdapterFile *file = g_hash_table_lookup (adapters->files, path);

  if (file != NULL && limn_weights_check (file->weights, NULL))
    return file;
  file = limn_adapter_file_open (path, error);
  if (file != NULL)
    g_hash_table_insert (adapters->files, g_strdup (path), file);
  return file;
}

/* Parts that adapters may change: the generator and the text encoders that the family has. */
static GPtrArray *
make_targets (LimnModel *model,
              GError   **error)
{
  static const LimnPart parts[] = { LIMN_PART_GENERATOR, LIMN_PART_TEXT, LIMN_PART_TEXT_2 };
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_adapter_target_free);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char  *part = model->family->part_names[parts[i]];
      LimnWeights *weights;

      if (part == NULL || !limn_model_folder_has (model->folder, part))
        continue;
      weights = limn_model_folder_weights (model->folder, part, error);
      if (weights == NULL)
        return NULL;
      g_ptr_array_add (targets, limn_adapter_target_new (part, weights));
    }
  return g_steal_pointer (&targets);
}

static gboolean
apply_adapters (LimnModel *model,
                GPtrArray *active,
                GPtrArray *targets,
                GError   **error)
{
  for (guint i = 0; i < active->len; i++)
    {
      ActiveAdapter         *adapter = active->pdata[i];
      const LimnAdapterFile *file = open_file (model->adapters, adapter->path, error);
      LimnAdapterReport      report;

      if (file == NULL || !limn_adapter_apply (file, targets, adapter->weight, adapter->text_weight, &report, error))
        return FALSE;
      adapter->used = report.used;
      adapter->unused = report.unused;
      g_free (adapter->first_unused);
      adapter->first_unused = g_strdup (report.first_unused);
    }
  return TRUE;
}

static const char *const encoders[LIMN_EMBEDDING_ENCODERS] = { "text_encoder", "text_encoder_2" };

/* Puts the rows of all embeddings behind the table of one text encoder. */
static void
add_rows (GPtrArray         *embeddings,
          LimnAdapterTarget *target,
          int                encoder)
{
  const LimnWeight *table = limn_weights_find (target->weights, TOKEN_TABLE);

  for (guint i = 0; i < embeddings->len && table != NULL; i++)
    {
      const LimnTokenEmbedding *embedding = embeddings->pdata[i];

      limn_patch_add_rows (limn_adapter_target_patch (target, table), embedding->rows[encoder], embedding->n);
    }
}

static void
add_embeddings (GPtrArray *embeddings,
                GPtrArray *targets)
{
  for (guint t = 0; t < targets->len; t++)
    for (int i = 0; i < LIMN_EMBEDDING_ENCODERS; i++)
      if (g_str_equal (((LimnAdapterTarget *) targets->pdata[t])->part, encoders[i]))
        add_rows (embeddings, targets->pdata[t], i);
}

static GHashTable *
make_views (GPtrArray *targets)
{
  GHashTable *views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_weights_unref);

  for (guint i = 0; i < targets->len; i++)
    {
      LimnAdapterTarget *target = targets->pdata[i];

      if (g_hash_table_size (target->patches) > 0)
        g_hash_table_insert (views, g_strdup (target->part), limn_weights_patched (target->weights, target->patches));
    }
  return views;
}

/* Plans made of other weights than those in @views, and texts that were encoded with them. */
static void
drop_made (LimnModel  *model,
           GHashTable *views)
{
  for (int part = 0; part < LIMN_N_PARTS; part++)
    {
      const char *name = model->family->part_names[part];

      if (name == NULL || (!g_hash_table_contains (views, name) && !g_hash_table_contains (model->adapters->views, name)))
        continue;
      limn_model_drop_plans (model, (LimnPart) part);
      if (part == LIMN_PART_TEXT || part == LIMN_PART_TEXT_2)
        g_hash_table_remove_all (model->texts);
    }
}

/* Nothing is changed where something fails. @active and @embeddings become the model's. */
static gboolean
set_all (LimnModel *model,
         GPtrArray *active,
         GPtrArray *embeddings,
         GError   **error)
{
  LimnAdapters *adapters = model->adapters;
  g_autoptr (GPtrArray) targets = make_targets (model, error);
  g_autoptr (GPtrArray) old_active = NULL, old_embeddings = NULL;
  GHashTable *views;

  if (targets == NULL || !apply_adapters (model, active, targets, error))
    return FALSE;
  add_embeddings (embeddings, targets);
  views = make_views (targets);
  drop_made (model, views);
  g_hash_table_unref (adapters->views);
  adapters->views = views;
  old_active = adapters->active;
  old_embeddings = adapters->embeddings;
  adapters->active = g_ptr_array_ref (active);
  adapters->embeddings = g_ptr_array_ref (embeddings);
  return TRUE;
}

/* --- what is set ------------------------------------------------------------------------------------------------- */

static gboolean
same_adapters (const GPtrArray   *active,
               const LimnAdapter *adapters,
               gsize              n)
{
  if (active->len != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const ActiveAdapter *old = active->pdata[i];

      if (!g_str_equal (old->path, adapters[i].path) || old->weight != adapters[i].weight || old->text_weight != adapters[i].text_weight)
        return FALSE;
    }
  return TRUE;
}

/* Whether what is set was made of files as they still are. */
static gboolean
files_unchanged (const LimnAdapters *adapters)
{
  for (guint i = 0; i < adapters->active->len; i++)
    {
      const ActiveAdapter   *active = adapters->active->pdata[i];
      const LimnAdapterFile *file = g_hash_table_lookup (adapters->files, active->path);

      if (file == NULL || !limn_weights_check (file->weights, NULL))
        return FALSE;
    }
  return TRUE;
}

/* Told once a setting: such a LoRA often still does what it was taken for. */
static void
tell_unused (LimnModel *model)
{
  for (guint i = 0; i < model->adapters->active->len; i++)
    {
      const ActiveAdapter *active = model->adapters->active->pdata[i];

      if (active->unused > 0)
        limn_model_note (model, "%s: %u of its tensors change nothing in this model, “%s” first", active->path, active->unused, active->first_unused);
    }
}

gboolean
limn_model_set_adapters (LimnModel         *model,
                         const LimnAdapter *adapters,
                         gsize              n,
                         GError           **error)
{
  g_autoptr (GPtrArray) active = active_list ();

  if (same_adapters (model->adapters->active, adapters, n) && files_unchanged (model->adapters))
    return TRUE;
  for (gsize i = 0; i < n; i++)
    {
      ActiveAdapter *adapter = g_new0 (ActiveAdapter, 1);

      *adapter = (ActiveAdapter){ .path = g_strdup (adapters[i].path), .weight = adapters[i].weight, .text_weight = adapters[i].text_weight };
      g_ptr_array_add (active, adapter);
      if (!(fabs (adapter->weight) <= MAX_WEIGHT && fabs (adapter->text_weight) <= MAX_WEIGHT))
        return limn_argument_error (error, "%s: a weight of %g, %g for the text: it is from %g to %g", adapter->path, adapter->weight,
                                    adapter->text_weight, -MAX_WEIGHT, MAX_WEIGHT);
    }
  if (!set_all (model, active, model->adapters->embeddings, error))
    return FALSE;
  tell_unused (model);
  return TRUE;
}

gboolean
limn_model_adapter_info (LimnModel       *model,
                         gsize            index,
                         LimnAdapterInfo *info)
{
  const ActiveAdapter *active;

  if (index >= model->adapters->active->len)
    return FALSE;
  active = model->adapters->active->pdata[index];
  *info = (LimnAdapterInfo){ active->path, active->weight, active->text_weight, active->used, active->unused,
                             active->first_unused };
  return TRUE;
}

static void
measure_tables (LimnModel *model,
                int        widths[LIMN_EMBEDDING_ENCODERS])
{
  for (int i = 0; i < LIMN_EMBEDDING_ENCODERS; i++)
    {
      gboolean is_part = g_strcmp0 (model->family->part_names[LIMN_PART_TEXT], encoders[i]) == 0
                         || g_strcmp0 (model->family->part_names[LIMN_PART_TEXT_2], encoders[i]) == 0;
      g_autoptr (LimnWeights) weights = is_part && limn_model_folder_has (model->folder, encoders[i])
                                            ? limn_model_folder_weights (model->folder, encoders[i], NULL)
                                            : NULL;

      widths[i] = weights != NULL ? limn_weights_dim (weights, TOKEN_TABLE, 1) : 0;
    }
}

static gboolean
same_embeddings (const GPtrArray   *set,
                 const char *const *names,
                 const char *const *paths,
                 gsize              n)
{
  if (set->len != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const LimnTokenEmbedding *embedding = set->pdata[i];

      if (!g_str_equal (embedding->name, names[i]) || !g_str_equal (embedding->path, paths[i]))
        return FALSE;
    }
  return TRUE;
}

gboolean
limn_model_set_embeddings (LimnModel         *model,
                           const char *const *names,
                           const char *const *paths,
                           gsize              n,
                           GError           **error)
{
  g_autoptr (GPtrArray) embeddings = embedding_list ();
  int widths[LIMN_EMBEDDING_ENCODERS];

  if (same_embeddings (model->adapters->embeddings, names, paths, n))
    return TRUE;
  measure_tables (model, widths);
  if (n > 0 && (widths[0] + widths[1] == 0 || model->facts.vocabulary == 0))
    return limn_argument_error (error, "%s: embeddings are new words for CLIP text encoders; this model has none", paths[0]);
  for (gsize i = 0; i < n; i++)
    {
      LimnTokenEmbedding *embedding = limn_token_embedding_open (names[i], paths[i], widths, error);

      if (embedding == NULL)
        return FALSE;
      g_ptr_array_add (embeddings, embedding);
    }
  return set_all (model, model->adapters->active, embeddings, error);
}

gboolean
limn_model_embedding_ids (LimnModel  *model,
                          const char *name,
                          int        *first,
                          int        *count)
{
  int id = model->facts.vocabulary;

  for (guint i = 0; i < model->adapters->embeddings->len; i++)
    {
      const LimnTokenEmbedding *embedding = model->adapters->embeddings->pdata[i];

      *first = id;
      *count = (int) embedding->n;
      if (g_str_equal (embedding->name, name))
        return TRUE;
      id += *count;
    }
  return FALSE;
}

const char *
limn_model_embedding_name (const LimnModel *model,
                           guint            index)
{
  const GPtrArray *embeddings = model->adapters->embeddings;

  return index < embeddings->len ? ((const LimnTokenEmbedding *) embeddings->pdata[index])->name : NULL;
}

int
limn_model_vocabulary (const LimnModel *model)
{
  int ids = model->facts.vocabulary;

  for (guint i = 0; i < model->adapters->embeddings->len && ids > 0; i++)
    ids += (int) ((const LimnTokenEmbedding *) model->adapters->embeddings->pdata[i])->n;
  return ids;
}

gboolean
limn_model_reapply (LimnModel *model,
                    GError   **error)
{
  LimnAdapters *adapters = model->adapters;

  if (adapters->active->len + adapters->embeddings->len == 0)
    return TRUE;
  g_hash_table_remove_all (adapters->views);
  if (set_all (model, adapters->active, adapters->embeddings, error))
    return TRUE;
  /* What does not fit the new part is off. */
  g_ptr_array_set_size (adapters->active, 0);
  g_ptr_array_set_size (adapters->embeddings, 0);
  return FALSE;
}
