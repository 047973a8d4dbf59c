/* Where generated pictures go: a file, numbered files, or new names in a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"
#include "app/picture-file.h"

G_BEGIN_DECLS

/**
 * LimnOutputPlace:
 * @path: as given
 * @folder: it is a folder; pictures get new names in it
 * @count: how many pictures will come
 * @picture: in what form; PNG in a folder
 */
typedef struct
{
  const char *path;
  gboolean    folder;
  int         count;

  LimnPictureOutput picture;
} LimnOutputPlace;

/**
 * limn_output_place_init:
 * @path: of a file, whose ending says in what form, or of a folder that is there
 * @quality: (nullable), @bits: (nullable): see limn_picture_output_init()
 *
 * Finds out whether pictures can be written, before any is made.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_FILE, or %LIMN_APP_ERROR_USAGE for a name of another kind of picture
 */
gboolean limn_output_place_init (LimnOutputPlace *place,
                                 const char      *path,
                                 int              count,
                                 const char      *quality,
                                 const char      *bits,
                                 GError         **error);

/**
 * limn_output_place_write:
 * @index: from 0
 * @texts: (element-type LimnPictureText)
 *
 * A file named by the user is replaced; with more than one picture "apple.png" becomes "apple-1.png", "apple-2.png", …. In a folder the
 * name is "DATE-SEED.png" and nothing is ever replaced.
 *
 * Returns: (transfer full): the path written
 */
char *limn_output_place_write (const LimnOutputPlace *place,
                               int                    index,
                               gint64                 seed,
                               const LimnArray       *pixels,
                               const GPtrArray       *texts,
                               GError               **error);

G_END_DECLS
