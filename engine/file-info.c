/* What files and folders of weights are: asks the families first, then the layouts that are known by name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/file-info-private.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "engine/model-private.h"
#include "engine/models/unet-model.h"
#include "engine/weights/weights-private.h"

#define MAX_README (1 << 20)
#define MAX_DEPTH 2
#define MAX_LINE 300

/* Folders of diffusers models that hold weights. */
static const char *const part_names[] = {
  "unet", "transformer", "prior", "controlnet", "vae", "text_encoder", "text_encoder_2", "text_encoder_3", "image_encoder", "enlarger"
};

/* Single files that no family knows: where their parts begin; NULL: the part that the layout is of. */
static const struct
{
  const char *prefix, *part;
} prefixes[] = {
  { "model.diffusion_model", NULL },
  { "first_stage_model", "vae" },
  { "vae", "vae" },
  { "text_encoders", "text_encoder" },
  { "conditioner", "text_encoder" },
  { "cond_stage_model", "text_encoder" },
};

/* For whom ControlNets are, by their U-Nets; what LoRAs are for. */
static const struct
{
  const char *id, *label;
} family_labels[] = {
  { "sd15", "Stable Diffusion 1.5" },
  { "sd2", "Stable Diffusion 2" },
  { "sdxl", "Stable Diffusion XL" },
  { "sdxl-refiner", "Stable Diffusion XL refiner" },
  { "sd3", "Stable Diffusion 3" },
  { "flux", "FLUX.1" },
  { "flux2", "FLUX.2" },
  { "z-image", "Z-Image" },
};

/* The first ones are families that are run. */
#define N_RUN 4

static const char *const controlled[] = {
  [LIMN_UNET_CONV_PROJECTIONS] = "sd15",
  [LIMN_UNET_LINEAR_PROJECTIONS] = "sd2",
  [LIMN_UNET_CONDITIONED] = "sdxl",
};

/* Numbers by their types, over all parts. */
typedef struct
{
  guint64 of_type[LIMN_N_TYPES];
} Counts;

static void
clear_part (gpointer part)
{
  g_free (((LimnPartInfo *) part)->name);
}

static LimnFileInfo *
info_new (const char *path)
{
  LimnFileInfo *info = g_new0 (LimnFileInfo, 1);

  info->path = g_strdup (path);
  info->kind = "unknown";
  info->parts = g_array_new (FALSE, FALSE, sizeof (LimnPartInfo));
  g_array_set_clear_func (info->parts, clear_part);
  return info;
}

void
limn_file_info_free (LimnFileInfo *info)
{
  char *const texts[] = { info->path, info->title, info->author, info->description, info->licence, info->hint, info->resolution, info->hash, info->problem };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_array_unref (info->parts);
  g_free (info->types); /* the names are constants */
  g_strfreev (info->trigger_words);
  g_strfreev (info->tags);
  g_free (info);
}

static void
add_part (LimnFileInfo      *info,
          Counts            *counts,
          const char        *name,
          const LimnWeights *weights)
{
  LimnPartInfo part = { .name = g_strdup (name) };

  for (gsize i = 0; i < limn_weights_count (weights); i++)
    counts->of_type[limn_weights_get (weights, i)->type] += limn_weights_get (weights, i)->n_elements;
  part.type = limn_type_name (limn_count_parameters (weights, &part.parameters));
  info->parameters += part.parameters;
  g_array_append_val (info->parts, part);
}

/* The type of most numbers first. */
static void
set_types (LimnFileInfo *info,
           Counts       *counts)
{
  const char **types = g_new0 (const char *, LIMN_N_TYPES + 1);

  for (int n = 0; n < LIMN_N_TYPES; n++)
    {
      int most = 0;

      for (int type = 1; type < LIMN_N_TYPES; type++)
        if (counts->of_type[type] > counts->of_type[most])
          most = type;
      if (counts->of_type[most] == 0)
        break;
      types[n] = limn_type_name ((LimnType) most);
      counts->of_type[most] = 0;
    }
  info->types = (char **) types;
}

static void
add_folder_parts (LimnFileInfo    *info,
                  Counts          *counts,
                  LimnModelFolder *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (part_names); i++)
    {
      g_autoptr (LimnWeights) weights = NULL;

      if (limn_model_folder_has (folder, part_names[i]))
        weights = limn_model_folder_weights (folder, part_names[i], NULL);
      if (weights != NULL)
        add_part (info, counts, part_names[i], weights);
    }
}

static void
add_single_parts (LimnFileInfo      *info,
                  Counts            *counts,
                  const LimnWeights *weights,
                  const char        *part)
{
  gsize known = 0;

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autoptr (LimnWeights) own = limn_weights_subset (weights, prefixes[i].prefix);

      known += limn_weights_count (own);
      if (limn_weights_count (own) > 0)
        add_part (info, counts, prefixes[i].part != NULL ? prefixes[i].part : part, own);
    }
  if (known == 0)
    add_part (info, counts, part, weights);
}

/* What something is for that is no model itself. */
static void
set_label (LimnFileInfo *info)
{
  for (guint i = 0; i < G_N_ELEMENTS (family_labels); i++)
    if (g_strcmp0 (family_labels[i].id, info->family) == 0)
      {
        info->label = family_labels[i].label;
        info->supported = i < N_RUN;
      }
}

static void
set_family (LimnFileInfo     *info,
            LimnModelFolder  *folder,
            const LimnFamily *family)
{
  info->kind = "model";
  info->family = family->id;
  info->label = family->label;
  info->supported = TRUE;
  if (info->licence == NULL)
    info->licence = g_strdup (family->licence);
  if (family != &limn_family_controlnet)
    return;
  info->kind = "controlnet";
  info->family = controlled[limn_unet_kind (folder, "controlnet", NULL)];
  set_label (info);
}

/* Whatever is in a single file. */
static void
find_kind (LimnFileInfo      *info,
           Counts            *counts,
           const LimnWeights *weights)
{
  const char *part = "network";

  if (limn_file_kind_find (weights, info, &part))
    add_single_parts (info, counts, weights, part);
  else
    {
      info->supported = limn_file_network_find (weights, info);
      add_part (info, counts, part, weights);
    }
}

static gboolean
read_single (LimnFileInfo      *info,
             Counts            *counts,
             LimnModelFolder   *folder,
             const LimnWeights *weights)
{
  const LimnFamily *family = NULL;

  limn_file_texts_read (weights, info);
  if (limn_file_lora_find (weights, info))
    {
      set_label (info);
      add_part (info, counts, "lora", weights);
      return TRUE;
    }
  family = folder != NULL ? limn_family_find (folder, NULL) : NULL;
  if (family == NULL)
    find_kind (info, counts, weights);
  else
    {
      set_family (info, folder, family);
      add_folder_parts (info, counts, folder);
    }
  return TRUE;
}

/* The generator says what a folder of parts is. */
static void
read_parts (LimnFileInfo    *info,
            Counts          *counts,
            LimnModelFolder *folder)
{
  const LimnFamily *family = limn_family_find (folder, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (part_names); i++)
    {
      g_autoptr (LimnWeights) weights = NULL;
      const char *part;

      if (limn_model_folder_has (folder, part_names[i]))
        weights = limn_model_folder_weights (folder, part_names[i], NULL);
      if (weights == NULL)
        continue;
      limn_file_texts_read (weights, info);
      if (family == NULL)
        limn_file_kind_find (weights, info, &part);
      break;
    }
  if (family != NULL)
    set_family (info, folder, family);
  add_folder_parts (info, counts, folder);
}

/* "license: …" between the first two lines of "---" of a model card. */
static char *
licence_of_card (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "README.md", NULL);
  gsize            size = 0;
  g_autofree char *text = limn_file_read (path, MAX_README, &size, NULL);
  g_auto (GStrv) lines = NULL;

  if (text == NULL || !g_str_has_prefix (text, "---\n") || !g_utf8_validate (text, -1, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", 100);
  for (int i = 1; lines[i] != NULL && strcmp (lines[i], "---") != 0; i++)
    if (g_str_has_prefix (lines[i], "license:"))
      return limn_file_text (g_strstrip (lines[i] + strlen ("license:")), MAX_LINE);
  return NULL;
}

static char *
licence_of_index (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "model_index.json", NULL);
  g_autoptr (JsonObject) index = g_file_test (path, G_FILE_TEST_EXISTS) ? limn_config_load (path, NULL) : NULL;
  const char *licence = NULL;

  if (index == NULL || !limn_config_string (index, "license", NULL, &licence, NULL))
    return NULL;
  return limn_file_text (licence, MAX_LINE);
}

static gboolean
read_folder (LimnFileInfo *info,
             Counts       *counts,
             GError      **error)
{
  g_autoptr (LimnModelFolder) folder = limn_model_folder_open (info->path, NULL);
  g_autoptr (LimnWeights) weights = NULL;

  if (folder != NULL)
    read_parts (info, counts, folder);
  if (folder == NULL || info->parts->len == 0)
    {
      weights = limn_weights_open (info->path, error);
      if (weights == NULL)
        return FALSE;
      read_single (info, counts, NULL, weights);
    }
  if (info->licence == NULL)
    info->licence = licence_of_index (info->path);
  if (info->licence == NULL)
    info->licence = licence_of_card (info->path);
  return TRUE;
}

static guint64
size_of (const char *path,
         int         depth)
{
  struct stat status;
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint64     size = 0;

  if (g_stat (path, &status) != 0)
    return 0;
  if (S_ISREG (status.st_mode))
    return (guint64) status.st_size;
  dir = S_ISDIR (status.st_mode) && depth > 0 ? g_dir_open (path, 0, NULL) : NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_str_has_suffix (name, ".safetensors") || g_str_has_suffix (name, ".gguf") || g_file_test (inner, G_FILE_TEST_IS_DIR))
        size += size_of (inner, depth - 1);
    }
  return size;
}

guint64
limn_file_size (const char *path)
{
  return size_of (path, MAX_DEPTH);
}

LimnFileInfo *
limn_file_info_read (const char *path,
                     GError    **error)
{
  g_autoptr (LimnFileInfo) info = info_new (path);
  g_autoptr (LimnModelFolder) folder = NULL;
  Counts   counts = { 0 };
  gboolean inner = g_file_test (path, G_FILE_TEST_IS_DIR);

  if (!inner)
    folder = limn_model_folder_open (path, error);
  if (inner ? !read_folder (info, &counts, error) : folder == NULL || !read_single (info, &counts, folder, limn_model_folder_single (folder)))
    return NULL;
  info->bytes = limn_file_size (path);
  set_types (info, &counts);
  return g_steal_pointer (&info);
}

gboolean
limn_file_info_is_model_folder (const char *path)
{
  static const char *const files[] = { "model_index.json", "config.json" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (path, files[i], NULL);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (part_names); i++)
    {
      g_autofree char *file = g_build_filename (path, part_names[i], "config.json", NULL);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }
  return FALSE;
}

LimnFileInfo *
limn_file_info_of_problem (const char   *path,
                           gboolean      pickle,
                           const GError *why)
{
  LimnFileInfo *info = info_new (path);

  info->kind = pickle ? "pickle" : "unknown";
  info->bytes = limn_file_size (path);
  info->types = g_new0 (char *, 1);
  info->problem = g_strdup (why->message);
  return info;
}
