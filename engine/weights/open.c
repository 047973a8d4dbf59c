/* Opens weights by path: which file of a folder, and which reader for a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/weights-private.h"

/* First found, first used: full precision before half, one file before many. */
static const char *const part_files[] = {
  "diffusion_pytorch_model.safetensors",
  "model.safetensors",
  "diffusion_pytorch_model.safetensors.index.json",
  "model.safetensors.index.json",
  "diffusion_pytorch_model.fp16.safetensors",
  "model.fp16.safetensors",
  "diffusion_pytorch_model.safetensors.index.fp16.json",
  "model.safetensors.index.fp16.json",
  "diffusion_pytorch_model.fp16.safetensors.index.json",
  "model.fp16.safetensors.index.json",
  "diffusion_pytorch_model.bf16.safetensors",
  "model.bf16.safetensors",
  "diffusion_pytorch_model.safetensors.index.bf16.json",
  "model.safetensors.index.bf16.json",
};

static const char *const pickles[] = { ".ckpt", ".pt", ".pth", ".bin", ".pkl" };

static gboolean
is_pickle (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (pickles); i++)
    if (g_str_has_suffix (name, pickles[i]))
      return TRUE;
  return FALSE;
}

/* The only file of a folder with that ending; FALSE if there are several. @pickled: whether a pickle was seen. */
static gboolean
find_only (const char *path,
           const char *ending,
           char      **found,
           gboolean   *pickled,
           GError    **error)
{
  g_autofree char *shown = limn_printable (path);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    return limn_file_error (error, shown, "cannot be opened as a folder");
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      *pickled |= is_pickle (name);
      if (!g_str_has_suffix (name, ending))
        continue;
      if (*found != NULL)
        return limn_file_error (error, shown, "has several %s files; name the one to use", ending);
      *found = g_build_filename (path, name, NULL);
    }
  return TRUE;
}

/* (transfer full): the only .safetensors file of a folder, else the only .gguf file, or NULL with the reason. */
static char *
only_file (const char *path,
           GError    **error)
{
  static const char *const endings[] = { ".safetensors", ".gguf" };
  g_autofree char         *shown = limn_printable (path), *found = NULL;
  gboolean                 pickled = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (endings) && found == NULL; i++)
    if (!find_only (path, endings[i], &found, &pickled, error))
      return NULL;
  if (found == NULL)
    limn_file_error (
        error, shown,
        pickled ? "has only pickled weights, which are not read; get the .safetensors variant"
                : "has no .safetensors file");
  return g_steal_pointer (&found);
}

static char *
choose_file (const char *path,
             GError    **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (part_files); i++)
    {
      g_autofree char *file = g_build_filename (path, part_files[i], NULL);

      if (g_file_test (file, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&file);
    }
  return only_file (path, error);
}

/* What the file is decides, not what it is called; only pickles are refused by their names, too. */
static LimnWeights *
read_source (LimnSource *source,
             gboolean    named_pickle,
             GError    **error)
{
  if (limn_gguf_is (source))
    return limn_gguf_read (source, error);
  return limn_safetensors_read (source, named_pickle, error);
}

static LimnWeights *
open_file (const char *path,
           GError    **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autoptr (LimnSource) source = NULL;

  if (g_str_has_suffix (base, ".json"))
    return limn_shards_read (path, error);
  source = limn_source_open (path, error);
  if (source == NULL)
    return NULL;
  return read_source (source, is_pickle (base), error);
}

LimnWeights *
limn_weights_open (const char *path,
                   GError    **error)
{
  g_autofree char *file = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return open_file (path, error);
  file = choose_file (path, error);
  return file != NULL ? open_file (file, error) : NULL;
}

LimnWeights *
limn_weights_new_from_bytes (GBytes  *bytes,
                             GError **error)
{
  g_autoptr (LimnSource) source = limn_source_new_from_bytes (bytes);

  return read_source (source, FALSE, error);
}
