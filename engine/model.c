/* Models: opening one, and what it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

static gboolean
open_configs (LimnModel  *model,
              const char *configs,
              GError    **error)
{
  if (configs == NULL)
    return TRUE;
  model->configs = limn_model_folder_open (configs, error);
  return model->configs != NULL;
}

/* A single file holds no settings: then the family's published ones hold, if it has any. */
static gboolean
configure (LimnModel *model,
           GError   **error)
{
  LimnModelFiles files = { .weights = model->folder, .configs = model->configs };

  if (files.configs == NULL && limn_model_folder_single (model->folder) == NULL)
    files.configs = model->folder;
  model->facts = (LimnFacts){ .guidance_below = G_MAXDOUBLE };
  model->facts.enlarge = 1;
  model->settings = model->family->configure (&files, &model->facts, error);
  return model->settings != NULL;
}

LimnModel *
limn_model_open (LimnEngine *engine,
                 const char *path,
                 const char *configs,
                 GError    **error)
{
  g_autoptr (LimnModel) model = g_new0 (LimnModel, 1);

  model->engine = engine;
  model->backend = engine->backend;
  model->type = engine->type;
  model->path = g_strdup (path);
  model->adapters = limn_adapters_new ();
  model->notes = g_ptr_array_new_with_free_func (g_free);
  model->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_text_free);
  model->folder = limn_model_folder_open (path, error);
  if (model->folder == NULL || !open_configs (model, configs, error))
    return NULL;
  model->family = limn_family_find (model->folder, error);
  if (model->family == NULL || !configure (model, error))
    return NULL;
  limn_model_fill_info (model);
  return g_steal_pointer (&model);
}

static void
drop_all_plans (LimnModel *model)
{
  for (int part = 0; part < LIMN_N_PARTS; part++)
    limn_model_drop_plans (model, part);
}

static gboolean
is_part_of (const LimnFamily *family,
            const char       *part)
{
  for (int i = 0; i < LIMN_N_PARTS; i++)
    if (g_strcmp0 (family->part_names[i], part) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
set_tiny_vae (LimnModel  *model,
              const char *path,
              GError    **error)
{
  LimnTinyVae           *tiny = limn_tiny_vae_open (model->engine, path, error);
  const LimnTinyVaeInfo *info = tiny != NULL ? limn_tiny_vae_info (tiny) : NULL;

  if (tiny == NULL)
    return FALSE;
  g_clear_pointer (&model->tiny, limn_tiny_vae_free);
  model->tiny = tiny;
  if (info->decodes && info->latent_channels == model->facts.latent_channels && info->latent_factor == model->facts.latent_factor)
    return TRUE;

  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED, "%s: it does not decode latents of the family %s; name another tiny autoencoder", path,
               model->family->label);
  return FALSE;
}

gboolean
limn_model_set_part (LimnModel  *model,
                     const char *part,
                     const char *path,
                     GError    **error)
{
  if (g_str_equal (part, "tiny_vae"))
    return set_tiny_vae (model, path, error);
  if (!is_part_of (model->family, part))
    return limn_argument_error (error, "part “%s”: a model of the family %s has none of that name", part, model->family->id);
  drop_all_plans (model);
  g_hash_table_remove_all (model->texts);
  if (!limn_model_folder_set_part (model->folder, part, path, error))
    return FALSE;
  if (!model->family->recognise (model->folder))
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                   "%s: its “%s” is of another family than %s, which is %s; name another file for it",
                   path, part, model->path, model->family->label);
      return FALSE;
    }

  g_clear_pointer (&model->settings, g_free);
  if (!configure (model, error))
    return FALSE;
  limn_model_clear_info (model);
  limn_model_fill_info (model);
  return limn_model_reapply (model, error);
}

gboolean
limn_model_has_part (LimnModel  *model,
                     const char *part)
{
  return limn_model_folder_has (model->folder, part);
}

void
limn_model_free (LimnModel *model)
{
  if (model == NULL)
    return;
  drop_all_plans (model);
  limn_adapters_free (model->adapters);
  g_clear_pointer (&model->tiny, limn_tiny_vae_free);
  g_clear_pointer (&model->tokenizer, limn_tokenizer_free);
  g_clear_pointer (&model->configs, limn_model_folder_free);
  g_clear_pointer (&model->folder, limn_model_folder_free);
  limn_model_clear_info (model);
  g_hash_table_unref (model->texts);
  g_ptr_array_unref (model->notes);
  g_free (model->settings);
  g_free (model->path);
  g_free (model);
}

const LimnModelInfo *
limn_model_info (LimnModel *model)
{
  return &model->info;
}

void
limn_model_note (LimnModel  *model,
                 const char *format,
                 ...)
{
  g_autofree char *note = NULL;
  va_list          args;

  va_start (args, format);
  note = g_strdup_vprintf (format, args);
  va_end (args);
  if (!g_ptr_array_find_with_equal_func (model->notes, note, g_str_equal, NULL))
    g_ptr_array_add (model->notes, g_steal_pointer (&note));
}
