/* A model as it lies on the disk: a diffusers folder, or a single file with everything in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/folder.h"
#include "engine/weights/name-map.h"
#include "engine/weights/weights-private.h"

struct _LimnModelFolder
{
  char        *path;
  char        *shown;   /* path, for messages */
  JsonObject  *index;   /* nullable: model_index.json */
  LimnWeights *single;  /* nullable: a single file */
  const char  *lone;    /* nullable: the part whose own folder this is */
  GHashTable  *weights; /* part → LimnWeights */
  GHashTable  *configs; /* part → JsonObject */
};

/* Layouts of files; the first that has a part names it. */
static const LimnNameMap *const file_maps[] = { &limn_names_sd1, &limn_names_diffusers, &limn_names_plain };

/* A folder without an index is a model if it has one of these. */
static const char *const main_parts[] = { "unet", "transformer", "vae", "text_encoder" };

/* Part and file names come from files and users: nothing that could lead out of the folder. */
static gboolean
is_plain (const char *name)
{
  return name[0] != '\0' && name[0] != '.' && strchr (name, '/') == NULL;
}

static char *
part_path (const LimnModelFolder *folder,
           const char            *part,
           const char            *file)
{
  if (g_strcmp0 (part, folder->lone) == 0)
    return g_build_filename (folder->path, file, NULL);
  return g_build_filename (folder->path, part, file, NULL);
}

static gboolean
has_folder (const LimnModelFolder *folder,
            const char            *part)
{
  g_autofree char *path = part_path (folder, part, NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* The folder of one part has that part's settings. */
static const char *
lone_part (const LimnModelFolder *folder)
{
  static const char *const classes[][2] = {
    { "ControlNetModel", "controlnet" },
    { "UNet2DConditionModel", "unet" },
  };
  g_autofree char *path = g_build_filename (folder->path, "config.json", NULL);
  g_autoptr (JsonObject) config = limn_config_load (path, NULL);
  const char *name = NULL;

  if (config == NULL || !limn_config_string (config, "_class_name", NULL, &name, NULL))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (name, classes[i][0]) == 0)
      return classes[i][1];
  return NULL;
}

static gboolean
open_parts (LimnModelFolder *folder,
            GError         **error)
{
  g_autofree char *index = part_path (folder, "model_index.json", NULL);

  if (g_file_test (index, G_FILE_TEST_EXISTS))
    {
      folder->index = limn_config_load (index, error);
      return folder->index != NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (main_parts); i++)
    if (has_folder (folder, main_parts[i]))
      return TRUE;
  folder->lone = lone_part (folder);
  if (folder->lone != NULL)
    return TRUE;
  return limn_file_error (
      error, folder->shown,
      "is no model folder: it has no model_index.json; name the folder that has it, "
      "or a .safetensors or .gguf file");
}

LimnModelFolder *
limn_model_folder_open (const char *path,
                        GError    **error)
{
  g_autoptr (LimnModelFolder) folder = g_new0 (LimnModelFolder, 1);

  folder->path = g_strdup (path);
  folder->shown = limn_printable (path);
  folder->weights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) limn_weights_unref);
  folder->configs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) json_object_unref);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return open_parts (folder, error) ? g_steal_pointer (&folder) : NULL;
  folder->single = limn_weights_open (path, error);
  return folder->single != NULL ? g_steal_pointer (&folder) : NULL;
}

void
limn_model_folder_free (LimnModelFolder *folder)
{
  g_free (folder->path);
  g_free (folder->shown);
  g_clear_pointer (&folder->index, json_object_unref);
  g_clear_pointer (&folder->single, limn_weights_unref);
  g_hash_table_unref (folder->weights);
  g_hash_table_unref (folder->configs);
  g_free (folder);
}

const char *
limn_model_folder_path (const LimnModelFolder *folder)
{
  return folder->path;
}

const char *
limn_model_folder_class (const LimnModelFolder *folder)
{
  const char *name = NULL;

  if (folder->index == NULL || !limn_config_string (folder->index, "_class_name", NULL, &name, NULL))
    return NULL;
  return name;
}

const LimnWeights *
limn_model_folder_single (const LimnModelFolder *folder)
{
  return folder->single;
}

static const LimnNameMap *
find_map (const LimnWeights *weights,
          const char        *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (file_maps); i++)
    if (limn_name_map_has (file_maps[i], weights, part))
      return file_maps[i];
  return NULL;
}

gboolean
limn_model_folder_has (const LimnModelFolder *folder,
                       const char            *part)
{
  if (!is_plain (part))
    return FALSE;
  if (g_hash_table_contains (folder->weights, part))
    return TRUE;
  return folder->single != NULL ? find_map (folder->single, part) != NULL : has_folder (folder, part);
}

static gboolean
check_part (const LimnModelFolder *folder,
            const char            *part,
            GError               **error)
{
  if (limn_model_folder_has (folder, part))
    return TRUE;
  return limn_file_error (
      error, folder->shown,
      "has no “%s”; this is another kind of model, or not all of it was downloaded", part);
}

/* The tensors of a part of its own, under the names of today's diffusers. */
static LimnWeights *
open_part (const char *path,
           const char *part,
           GError    **error)
{
  g_autoptr (LimnWeights) weights = limn_weights_open (path, error);

  if (weights != NULL && limn_name_map_has (&limn_names_diffusers, weights, part))
    return limn_weights_renamed (weights, &limn_names_diffusers, part, error);
  return g_steal_pointer (&weights);
}

static LimnWeights *
open_weights (const LimnModelFolder *folder,
              const char            *part,
              GError               **error)
{
  g_autofree char *path = part_path (folder, part, NULL);

  if (folder->single != NULL)
    return limn_weights_renamed (folder->single, find_map (folder->single, part), part, error);
  return open_part (path, part, error);
}

gboolean
limn_model_folder_set_part (LimnModelFolder *folder,
                            const char      *part,
                            const char      *path,
                            GError         **error)
{
  g_autofree char *shown = limn_printable (path);
  g_autofree char *inner = g_build_filename (path, part, NULL);
  gboolean         whole = g_file_test (inner, G_FILE_TEST_IS_DIR); /* a model's folder rather than a part's */
  g_autoptr (LimnWeights) file = limn_weights_open (whole ? inner : path, error);
  const LimnNameMap *map = file != NULL ? find_map (file, part) : NULL;
  LimnWeights       *weights;

  if (file == NULL)
    return FALSE;
  if (map == NULL || !is_plain (part))
    return limn_file_error (error, shown, "has no “%s” in any layout that is known; name another file for it", part);
  weights = limn_weights_renamed (file, map, part, error);
  if (weights == NULL)
    return FALSE;
  g_hash_table_insert (folder->weights, g_strdup (part), weights);
  return TRUE;
}

LimnWeights *
limn_model_folder_weights (LimnModelFolder *folder,
                           const char      *part,
                           GError         **error)
{
  LimnWeights *weights = g_hash_table_lookup (folder->weights, part);

  if (weights != NULL)
    return limn_weights_ref (weights);
  weights = check_part (folder, part, error) ? open_weights (folder, part, error) : NULL;
  if (weights == NULL)
    return NULL;
  g_hash_table_insert (folder->weights, g_strdup (part), weights);
  return limn_weights_ref (weights);
}

char *
limn_model_folder_file (const LimnModelFolder *folder,
                        const char            *part,
                        const char            *name)
{
  g_autofree char *path = NULL;

  if (folder->single != NULL || !is_plain (part) || !is_plain (name))
    return NULL;
  path = part_path (folder, part, name);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

JsonObject *
limn_model_folder_config (LimnModelFolder *folder,
                          const char      *part,
                          GError         **error)
{
  JsonObject      *config = g_hash_table_lookup (folder->configs, part);
  g_autofree char *own_name = g_strconcat (part, "_config.json", NULL);
  g_autofree char *path = NULL;

  if (config != NULL)
    return config;
  path = limn_model_folder_file (folder, part, "config.json");
  if (path == NULL)
    path = limn_model_folder_file (folder, part, own_name);
  if (path == NULL)
    return limn_file_error (
               error, folder->shown,
               "has no settings for “%s” (%s/config.json); download the whole model folder",
               part, part),
           NULL;
  config = limn_config_load (path, error);
  if (config != NULL)
    g_hash_table_insert (folder->configs, g_strdup (part), config);
  return config;
}
