/* Sharing: what of a picture's making is given away with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture-file.h"

G_BEGIN_DECLS

/**
 * LimnShare:
 * @LIMN_SHARE_EVERYTHING: prompt and settings, as they are
 * @LIMN_SHARE_CREDIT: that a machine made it, which program, which model, and who is named as its creator
 * @LIMN_SHARE_NOTHING: what is needed to show it: pixels and the profile of their colours
 */
typedef enum
{
  LIMN_SHARE_EVERYTHING,
  LIMN_SHARE_CREDIT,
  LIMN_SHARE_NOTHING
} LimnShare;

/* @word: (nullable): "everything", "credit" or "nothing". Returns: %FALSE with %LIMN_APP_ERROR_USAGE */
gboolean limn_share_parse (const char *word,
                           LimnShare  *share,
                           GError    **error);

/**
 * limn_share_texts:
 * @texts: (element-type LimnPictureText): all that is known
 *
 * Returns: (transfer full) (element-type LimnPictureText): what of it is to be written
 */
GPtrArray *limn_share_texts (GPtrArray *texts,
                             LimnShare  share);

/**
 * limn_share_clean:
 * @file: a picture of a kind that Limn writes
 * @name: for messages
 *
 * Puts the file together anew from its pixels, its colour profile and what @share lets through; everything else, known or not,
 * stays behind: texts, EXIF with its thumbnail, XMP, comments, and what hangs on behind the end. Pixels are not compressed again,
 * unless EXIF says that the picture has to be turned or its kind (AVIF) leaves no other way.
 *
 * Returns: (transfer full): the file; @file itself if everything is shared
 */
GBytes *limn_share_clean (GBytes     *file,
                          const char *name,
                          LimnShare   share,
                          GError    **error);

G_END_DECLS
