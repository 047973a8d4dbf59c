/* Folders with models and what goes with them: ours, other programs', those that the artist named. All are read in place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/models/folders.h"

#include <string.h>

#include "app/safe-file.h"

#define MAX_DEPTH 6
#define MAX_FILES 50000

/* Subfolders of programs, by what is in them. */
static const struct
{
  const char   *subfolder;
  LimnPlaceKind kind;
} layout[] = {
  { "models/checkpoints", LIMN_PLACE_MODEL },
  { "models/diffusion_models", LIMN_PLACE_MODEL },
  { "models/unet", LIMN_PLACE_MODEL },
  { "models/Stable-diffusion", LIMN_PLACE_MODEL },
  { "models/loras", LIMN_PLACE_LORA },
  { "models/Lora", LIMN_PLACE_LORA },
  { "models/LyCORIS", LIMN_PLACE_LORA },
  { "models/embeddings", LIMN_PLACE_EMBEDDING },
  { "embeddings", LIMN_PLACE_EMBEDDING },
  { "models/vae", LIMN_PLACE_VAE },
  { "models/VAE", LIMN_PLACE_VAE },
  { "models/vae_approx", LIMN_PLACE_VAE },
  { "models/text_encoders", LIMN_PLACE_TEXT_ENCODER },
  { "models/clip", LIMN_PLACE_TEXT_ENCODER },
  { "models/text_encoder", LIMN_PLACE_TEXT_ENCODER },
  { "models/controlnet", LIMN_PLACE_CONTROL },
  { "models/ControlNet", LIMN_PLACE_CONTROL },
  { "extensions/sd-webui-controlnet/models", LIMN_PLACE_CONTROL },
  { "models/upscale_models", LIMN_PLACE_UPSCALER },
  { "models/ESRGAN", LIMN_PLACE_UPSCALER },
  { "models/RealESRGAN", LIMN_PLACE_UPSCALER },
  { "wildcards", LIMN_PLACE_WILDCARDS },
  { "extensions/sd-dynamic-prompts/wildcards", LIMN_PLACE_WILDCARDS },
  { "extensions/stable-diffusion-webui-wildcards/wildcards", LIMN_PLACE_WILDCARDS },
  { "custom_nodes/ComfyUI-Impact-Pack/custom_wildcards", LIMN_PLACE_WILDCARDS },
};

/* Where programs are put by those who follow their instructions. */
static const char *const usual_places[] = {
  "ComfyUI", "comfyui", "stable-diffusion-webui", "stable-diffusion-webui-forge", "stable-diffusion-webui-reForge", "sd-webui-forge-neo", NULL
};

static const char *const weight_endings[] = { ".safetensors", ".sft", ".gguf", NULL };
static const char *const wildcard_endings[] = { ".txt", NULL };

/* What is asked for, as it stands in messages. */
static const char *const kind_names[LIMN_N_PLACES] = {
  [LIMN_PLACE_MODEL] = "model",
  [LIMN_PLACE_LORA] = "LoRA",
  [LIMN_PLACE_EMBEDDING] = "embedding",
  [LIMN_PLACE_VAE] = "VAE",
  [LIMN_PLACE_TEXT_ENCODER] = "text encoder",
  [LIMN_PLACE_CONTROL] = "ControlNet",
  [LIMN_PLACE_UPSCALER] = "upscaler",
  [LIMN_PLACE_WILDCARDS] = "wildcard file",
};

/* --- folders --------------------------------------------------------------------------------------------------------- */

static void
place_file_free (LimnPlaceFile *file)
{
  g_free (file->name);
  g_free (file->within);
  g_free (file->path);
  g_free (file);
}

static void
add_folder (GPtrArray *list,
            char      *folder)
{
  g_autofree char *taken = folder;

  if (g_file_test (folder, G_FILE_TEST_IS_DIR) && !g_ptr_array_find_with_equal_func (list, folder, g_str_equal, NULL))
    g_ptr_array_add (list, g_steal_pointer (&taken));
}

static char *
own_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "limn", NULL);
}

static char *
hub_folder (void)
{
  const char *cache = g_getenv ("HF_HUB_CACHE"), *home = g_getenv ("HF_HOME");

  if (cache != NULL && *cache != '\0')
    return g_strdup (cache);
  if (home != NULL && *home != '\0')
    return g_build_filename (home, "hub", NULL);
  return g_build_filename (g_get_user_cache_dir (), "huggingface", "hub", NULL);
}

/* One path a line. */
static char *
list_of_added (void)
{
  return g_build_filename (g_get_user_config_dir (), "limn", "folders", NULL);
}

static char **
read_added (void)
{
  g_autofree char *path = list_of_added (), *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_new0 (char *, 1);
  return g_strsplit (text, "\n", -1);
}

static char **
end_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

char **
limn_folders_roots (void)
{
  GPtrArray *list = g_ptr_array_new ();
  g_auto (GStrv) added = read_added ();

  add_folder (list, own_folder ());
  for (gsize i = 0; usual_places[i] != NULL; i++)
    add_folder (list, g_build_filename (g_get_home_dir (), usual_places[i], NULL));
  add_folder (list, hub_folder ());
  for (gsize i = 0; added[i] != NULL; i++)
    if (*added[i] != '\0')
      add_folder (list, g_strdup (added[i]));
  return end_list (list);
}

gboolean
limn_folders_is_added (const char *folder)
{
  g_auto (GStrv) added = read_added ();

  return g_strv_contains ((const char *const *) added, folder);
}

static gboolean
write_added (char   **folders,
             GError **error)
{
  g_autofree char *path = list_of_added (), *folder = g_path_get_dirname (path), *text = g_strjoinv ("\n", folders);
  g_autoptr (GBytes) bytes = NULL;

  g_mkdir_with_parents (folder, 0700);
  bytes = g_bytes_new (text, strlen (text));
  return limn_safe_file_write (path, bytes, TRUE, error);
}

gboolean
limn_folders_add (const char *folder,
                  GError    **error)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL), *shown = g_filename_display_name (absolute);
  g_auto (GStrv) added = read_added ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  if (!g_file_test (absolute, G_FILE_TEST_IS_DIR) || strchr (absolute, '\n') != NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: there is no such folder: name one that models lie in", shown);
      return FALSE;
    }
  for (gsize i = 0; added[i] != NULL; i++)
    if (*added[i] != '\0' && !g_str_equal (added[i], absolute))
      g_strv_builder_add (builder, added[i]);
  g_strv_builder_add (builder, absolute);
  all = g_strv_builder_end (builder);
  return write_added (all, error);
}

gboolean
limn_folders_remove (const char *folder,
                     GError    **error)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL), *shown = g_filename_display_name (absolute);
  g_auto (GStrv) added = read_added ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (gsize i = 0; added[i] != NULL; i++)
    if (*added[i] != '\0' && !g_str_equal (added[i], absolute))
      g_strv_builder_add (builder, added[i]);
  all = g_strv_builder_end (builder);
  if (!g_strv_contains ((const char *const *) added, absolute))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: was not added: see limn models list", shown);
      return FALSE;
    }
  return write_added (all, error);
}

/* The hub's cache: models--OWNER--NAME/snapshots/COMMIT. */
static void
add_snapshots (GPtrArray  *list,
               const char *hub)
{
  g_autoptr (GDir) models = g_dir_open (hub, 0, NULL);
  const char *model, *commit;

  while (models != NULL && (model = g_dir_read_name (models)) != NULL)
    {
      g_autofree char *snapshots = g_build_filename (hub, model, "snapshots", NULL);
      g_autoptr (GDir) commits = g_str_has_prefix (model, "models--") ? g_dir_open (snapshots, 0, NULL) : NULL;

      while (commits != NULL && (commit = g_dir_read_name (commits)) != NULL)
        add_folder (list, g_build_filename (snapshots, commit, NULL));
    }
}

/* Returns: whether @root is laid out like a program's */
static gboolean
add_subfolders (GPtrArray    *list,
                const char   *root,
                LimnPlaceKind kind)
{
  gboolean known = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (layout); i++)
    {
      g_autofree char *folder = g_build_filename (root, layout[i].subfolder, NULL);
      gboolean         there = g_file_test (folder, G_FILE_TEST_IS_DIR);

      known = known || there;
      if (there && layout[i].kind == kind)
        add_folder (list, g_steal_pointer (&folder));
    }
  return known;
}

/* Limn's own folder has a subfolder for each kind. */
static const char *const own_subfolders[LIMN_N_PLACES] = {
  [LIMN_PLACE_MODEL] = "models",
  [LIMN_PLACE_LORA] = "loras",
  [LIMN_PLACE_EMBEDDING] = "embeddings",
  [LIMN_PLACE_VAE] = "vae",
  [LIMN_PLACE_TEXT_ENCODER] = "text-encoders",
  [LIMN_PLACE_CONTROL] = "controlnet",
  [LIMN_PLACE_UPSCALER] = "upscalers",
  [LIMN_PLACE_WILDCARDS] = "wildcards",
};

char **
limn_folders_of (LimnPlaceKind kind)
{
  GPtrArray *list = g_ptr_array_new ();
  g_auto (GStrv) roots = limn_folders_roots ();
  g_autofree char *own = own_folder (), *hub = hub_folder ();

  for (gsize i = 0; roots[i] != NULL; i++)
    if (g_str_equal (roots[i], own))
      add_folder (list, g_build_filename (own, own_subfolders[kind], NULL));
    else if (g_str_equal (roots[i], hub))
      add_snapshots (list, hub);
    else if (!add_subfolders (list, roots[i], kind))
      add_folder (list, g_strdup (roots[i]));
  return end_list (list);
}

/* --- files ----------------------------------------------------------------------------------------------------------- */

/* The part of @name before the ending, if it has one of them. */
static char *
without_ending (const char        *name,
                const char *const *endings)
{
  for (; *endings != NULL; endings++)
    {
      gsize length = strlen (name), ending = strlen (*endings);

      if (length > ending && g_ascii_strcasecmp (name + length - ending, *endings) == 0)
        return g_strndup (name, length - ending);
    }
  return NULL;
}

static gboolean
is_model_folder (const char *path)
{
  g_autofree char *index = g_build_filename (path, "model_index.json", NULL), *config = g_build_filename (path, "config.json", NULL);

  return g_file_test (index, G_FILE_TEST_IS_REGULAR) || g_file_test (config, G_FILE_TEST_IS_REGULAR);
}

/* "models--stabilityai--sdxl-turbo/snapshots/abc" is called sdxl-turbo. */
static char *
name_of_folder (const char *path)
{
  const char      *snapshots = strstr (path, "/snapshots/");
  g_autofree char *model = snapshots != NULL ? g_strndup (path, snapshots - path) : g_strdup (path);
  g_autofree char *base = g_path_get_basename (model);
  const char      *last = g_str_has_prefix (base, "models--") ? g_strrstr (base, "--") + 2 : base;

  return g_strdup (last);
}

static void
add_file (GPtrArray  *files,
          char       *name,
          const char *prefix,
          const char *path)
{
  LimnPlaceFile *file = g_new (LimnPlaceFile, 1);

  *file = (LimnPlaceFile){ name, *prefix != '\0' ? g_build_filename (prefix, name, NULL) : g_strdup (name), g_strdup (path) };
  g_ptr_array_add (files, file);
}

static void
add_files (GPtrArray    *files,
           LimnPlaceKind kind,
           const char   *folder,
           const char   *prefix,
           int           depth)
{
  const char *const *endings = kind == LIMN_PLACE_WILDCARDS ? wildcard_endings : weight_endings;
  g_autoptr (GDir) entries = NULL;
  const char *entry;

  if (kind != LIMN_PLACE_WILDCARDS && is_model_folder (folder))
    {
      add_file (files, name_of_folder (folder), "", folder);
      return;
    }
  entries = g_dir_open (folder, 0, NULL);
  while (entries != NULL && files->len < MAX_FILES && (entry = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, entry, NULL), *within = g_build_filename (prefix, entry, NULL);
      char            *name = without_ending (entry, endings);

      if (name != NULL)
        add_file (files, name, prefix, path);
      else if (*entry != '.' && depth < MAX_DEPTH && g_file_test (path, G_FILE_TEST_IS_DIR))
        add_files (files, kind, path, within, depth + 1);
    }
}

static int
by_name (gconstpointer a,
         gconstpointer b)
{
  const LimnPlaceFile *left = *(LimnPlaceFile *const *) a, *right = *(LimnPlaceFile *const *) b;
  int                  order = g_ascii_strcasecmp (left->name, right->name);

  return order != 0 ? order : strcmp (left->path, right->path);
}

GPtrArray *
limn_folders_files (LimnPlaceKind kind)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) place_file_free);
  g_auto (GStrv) folders = limn_folders_of (kind);

  for (gsize i = 0; folders[i] != NULL; i++)
    add_files (files, kind, folders[i], "", 0);
  g_ptr_array_sort (files, by_name);
  return files;
}

/* --- names ----------------------------------------------------------------------------------------------------------- */

/* How well a file answers to a name: exactly before without regard to case. */
static int
rank (const LimnPlaceFile *file,
      const char          *name)
{
  const char      *asked = strpbrk (name, "/\\") != NULL ? file->within : file->name;
  g_autofree char *straight = g_strdelimit (g_strdup (name), "\\", '/');

  if (g_str_equal (asked, straight))
    return 2;
  return g_ascii_strcasecmp (asked, straight) == 0;
}

static char *
not_found (LimnPlaceKind kind,
           const char   *name,
           GError      **error)
{
  g_autofree char *shown = g_filename_display_name (name);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: there is no such %s: name its file, or let limn models add know its folder", shown,
               kind_names[kind]);
  return NULL;
}

char *
limn_folders_find_named (LimnPlaceKind kind,
                         const char   *name,
                         GError      **error)
{
  const char *const *endings = kind == LIMN_PLACE_WILDCARDS ? wildcard_endings : weight_endings;
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char     *bare = without_ending (name, endings);
  const LimnPlaceFile *found = NULL, *other = NULL;
  int                  best = 0;

  files = limn_folders_files (kind);
  for (guint i = 0; i < files->len; i++)
    {
      const LimnPlaceFile *file = files->pdata[i];
      int                  fits = rank (file, bare != NULL ? bare : name);

      if (fits == 0 || fits < best)
        continue;
      other = fits == best ? file : NULL;
      found = fits == best ? found : file;
      best = fits;
    }
  if (found == NULL)
    return not_found (kind, name, error);
  if (other == NULL || kind == LIMN_PLACE_WILDCARDS) /* the first folder that has it counts */
    return g_strdup (found->path);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: there are two: %s and %s: name the one that is meant by its path", name, found->path,
               other->path);
  return NULL;
}

char *
limn_folders_find (LimnPlaceKind kind,
                   const char   *name,
                   GError      **error)
{
  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return g_strdup (name);
  return limn_folders_find_named (kind, name, error);
}
