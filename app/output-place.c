/* Where generated pictures go: a file, numbered files, or new names in a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/output-place.h"

#include <string.h>

#include "app/safe-file.h"

#define MAX_NAMES 10000

gboolean
limn_output_place_init (LimnOutputPlace *place,
                        const char      *path,
                        int              count,
                        const char      *quality,
                        const char      *bits,
                        GError         **error)
{
  *place = (LimnOutputPlace){
    .path = path,
    .count = count,
    .folder = g_str_has_suffix (path, "/") || g_file_test (path, G_FILE_TEST_IS_DIR),
  };

  if (!limn_picture_output_init (&place->picture, place->folder ? NULL : path, quality, bits, error))
    return FALSE;
  if (place->folder)
    {
      g_autofree char *any = g_build_filename (path, "x.png", NULL);

      return limn_safe_file_can_write (any, error);
    }

  return limn_safe_file_can_write (path, error);
}

static char *
numbered_path (const LimnOutputPlace *place,
               int                    index)
{
  const char *slash = strrchr (place->path, '/');
  const char *dot = strrchr (place->path, '.');
  gsize       stem = dot && dot > (slash ? slash + 1 : place->path) ? (gsize) (dot - place->path)
                                                                    : strlen (place->path);

  if (place->count == 1)
    return g_strdup (place->path);

  return g_strdup_printf ("%.*s-%d%s", (int) stem, place->path, index + 1, place->path + stem);
}

static char *
write_new (const LimnOutputPlace *place,
           gint64                 seed,
           GBytes                *png,
           GError               **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");

  for (int i = 1; i <= MAX_NAMES; i++)
    {
      g_autofree char *more = i > 1 ? g_strdup_printf ("-%d", i) : g_strdup ("");
      g_autofree char *name = g_strdup_printf ("%s-%" G_GINT64_FORMAT "%s.png", date, seed, more);
      g_autofree char *path = g_build_filename (place->path, name, NULL);
      g_autoptr (GError) why = NULL;

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      if (limn_safe_file_write (path, png, FALSE, &why))
        return g_steal_pointer (&path);
      if (g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_EXIST))
        continue;

      g_propagate_error (error, g_steal_pointer (&why));
      return NULL;
    }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
               "%s: all names for seed %" G_GINT64_FORMAT " are taken: choose another folder",
               place->path, seed);
  return NULL;
}

char *
limn_output_place_write (const LimnOutputPlace *place,
                         int                    index,
                         gint64                 seed,
                         const LimnArray       *pixels,
                         const GPtrArray       *texts,
                         GError               **error)
{
  g_autoptr (GBytes) file = limn_picture_encode_pixels (pixels, texts, &place->picture, error);
  g_autofree char *path = NULL;

  if (file == NULL)
    return NULL;
  if (place->folder)
    return write_new (place, seed, file, error);

  path = numbered_path (place, index);
  return limn_safe_file_write (path, file, TRUE, error) ? g_steal_pointer (&path) : NULL;
}
