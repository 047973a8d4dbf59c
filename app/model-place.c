/* Models on this machine: where the starter is, what a model is called, and its hash.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/model-place.h"

#include "app/models/folders.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#define STARTER "starter"
#define SHOWN_DIGITS 10
#define BLOCK_BYTES (1024 * 1024)

static gboolean
is_model_folder (const char *path)
{
  g_autofree char *index = g_build_filename (path, "model_index.json", NULL);

  return g_file_test (index, G_FILE_TEST_IS_REGULAR);
}

static char *
find_starter (GError **error)
{
  static const char *const places[] = { LIMN_STARTER_INSTALL_DIR, LIMN_STARTER_SOURCE_DIR };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (is_model_folder (places[i]))
      return g_strdup (places[i]);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
               "%s: the starter model is not there: install Limn again or name a model with -m",
               places[0]);
  return NULL;
}

char *
limn_model_place_find (const char *model,
                       GError    **error)
{
  if (model == NULL || *model == '\0')
    return find_starter (error);
  if (g_file_test (model, G_FILE_TEST_EXISTS))
    return g_strdup (model);
  if (g_str_equal (model, STARTER))
    return find_starter (error);

  return limn_folders_find_named (LIMN_PLACE_MODEL, model, error);
}

char *
limn_model_place_name (const char *path)
{
  static const char *const endings[] = { ".safetensors", ".gguf" };
  g_autofree char         *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char         *base = g_path_get_basename (absolute);
  char                    *name = g_filename_display_name (base);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]))
      name[strlen (name) - strlen (endings[i])] = '\0';
  return name;
}

static char *
main_file (const char *path)
{
  static const char *const files[] = {
    "transformer/diffusion_pytorch_model.safetensors",
    "unet/diffusion_pytorch_model.safetensors",
    "transformer/diffusion_pytorch_model.fp16.safetensors",
    "unet/diffusion_pytorch_model.fp16.safetensors",
  };

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_strdup (path);

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (path, files[i], NULL);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&file);
    }

  return NULL;
}

/* Read, not mapped: a file that shrinks meanwhile must not end the program. */
static char *
hash_file (const char *path)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar *block = g_malloc (BLOCK_BYTES);
  FILE              *file = g_fopen (path, "rbe");
  gsize              size;

  if (file == NULL)
    return NULL;

  while ((size = fread (block, 1, BLOCK_BYTES, file)) > 0)
    g_checksum_update (sum, block, size);
  fclose (file);
  return g_strdup (g_checksum_get_string (sum));
}

char *
limn_model_place_hash (const char *path,
                       gsize       limit)
{
  g_autofree char *file = main_file (path);
  g_autofree char *hash = NULL;
  struct stat      status;

  if (file == NULL || g_stat (file, &status) != 0 || !S_ISREG (status.st_mode) || (guint64) status.st_size > limit)
    return NULL;

  hash = hash_file (file);
  return hash ? g_strndup (hash, SHOWN_DIGITS) : NULL;
}
