/* Exporting: a picture as it is, in another format, or without what its maker keeps to himself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/export.h"

#include <string.h>

#include "app/metadata.h"

gboolean
limn_export_init (LimnExport *export,
                  const char *path,
                  const char *ending,
                  const char *quality,
                  const char *bits,
                  const char *share,
                  GError    **error)
{
  g_autofree char *base = path ? g_path_get_basename (path) : NULL;
  g_autofree char *name = ending ? g_strdup_printf ("x.%s", ending) : g_strdup (base);
  gboolean         said = name != NULL && strchr (name, '.') != NULL;

  *export = (LimnExport){ .given = quality != NULL || bits != NULL, .narrow = g_strcmp0 (bits, "8") == 0 };
  if (!limn_share_parse (share, &export->share, error)
      || !limn_picture_output_init (&export->picture, name, quality, bits, error))
    return FALSE;

  if (!said && !export->given)
    export->picture.format = NULL;
  return TRUE;
}

static GBytes *
convert (GBytes     *file,
         const char *name,
         const LimnExport *export,
         GError **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_read (file, name, LIMN_PICTURE_RASTER, error);
  g_autoptr (GPtrArray) all = picture ? limn_metadata_carry (picture, export->picture.format) : NULL;
  g_autoptr (GPtrArray) texts = all ? limn_share_texts (all, export->share) : NULL;

  if (picture == NULL)
    return NULL;

  if (export->narrow)
    limn_raster_make_8_bit (picture->raster);
  return limn_picture_encode (picture->raster, picture->icc, texts, &export->picture, error);
}

GBytes *
limn_export (GBytes     *file,
             const char *name,
             const LimnExport *export,
             GError **error)
{
  const char *kind = limn_picture_recognise (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  gboolean    same = export->picture.format == NULL || g_strcmp0 (kind, export->picture.format) == 0;

  if (same && !export->given)
    return limn_share_clean (file, name, export->share, error);

  return convert (file, name, export, error);
}
