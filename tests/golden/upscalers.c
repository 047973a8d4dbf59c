/* Golden: upscalers, a file each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

#define INPUT "input01"
#define OUTPUT ".output"

/* (transfer full) (nullable): the longest recorded "NAME.output" that @file, "NAME.safetensors" or "NAME_….safetensors", begins with. */
static char *
output_of (GoldenCase *golden,
           const char *file)
{
  g_autoptr (GPtrArray) names = golden_names (golden, "", OUTPUT);
  g_autofree char *best = NULL;

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *stem = g_strndup (names->pdata[i], strlen (names->pdata[i]) - strlen (OUTPUT));

      if (g_str_has_prefix (file, stem) && (best == NULL || strlen (stem) > strlen (best)))
        {
          g_free (best);
          best = g_steal_pointer (&stem);
        }
    }
  return best != NULL ? g_strconcat (best, OUTPUT, NULL) : NULL;
}

static void
compare_file (GoldenCase      *golden,
              const char      *file,
              const char      *output,
              const LimnArray *input)
{
  g_autofree char *path = g_build_filename (golden->folder, file, NULL);
  g_autofree char *prefix = g_strndup (file, strlen (file) - strlen ("safetensors"));
  GError          *error = NULL;
  g_autoptr (LimnUpscaler) upscaler = limn_upscaler_open (golden->engine, path, &error);
  g_autoptr (LimnArray) large = NULL;

  if (upscaler != NULL && input != NULL)
    large = limn_upscaler_run (upscaler, input, NULL, NULL, &error);
  *strrchr (prefix, '.') = ':';
  golden->prefix = prefix;
  if (large == NULL)
    golden_fail_error (golden, output, golden_limit (golden, FALSE), error);
  else
    golden_compare_planar (golden, output, large, golden_limit (golden, FALSE));
  golden->prefix = NULL;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* (transfer full): names of the folder's files, in order. */
static GPtrArray *
list_files (const char *folder)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".safetensors"))
      g_ptr_array_add (files, g_strdup (name));
  g_ptr_array_sort (files, compare_names);
  return files;
}

void
golden_run_upscalers (GoldenCase *golden)
{
  g_autoptr (LimnArray) input = golden_array (golden, INPUT);
  g_autoptr (GPtrArray) files = list_files (golden->folder);

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *output = output_of (golden, files->pdata[i]);

      if (output != NULL)
        compare_file (golden, files->pdata[i], output, input);
    }
}
