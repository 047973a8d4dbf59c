/* Exporting: a picture as it is, in another format, or without what its maker keeps to himself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/share.h"

G_BEGIN_DECLS

/**
 * LimnExport:
 * @picture: the format to write; of no format: as it is
 * @narrow: whether 8 bits were asked for, where the picture has 16
 * @given: whether quality or bits were asked for, which means writing anew also what has the format already
 */
typedef struct
{
  LimnPictureOutput picture;
  LimnShare         share;
  gboolean          narrow, given;
} LimnExport;

/**
 * limn_export_init:
 * @path: (nullable): of a file, whose ending says the format
 * @ending: (nullable): the same where there is no such path
 * @quality: (nullable), @bits: (nullable), @share: (nullable): words of the command line
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE
 */
gboolean limn_export_init (LimnExport *export,
                           const char *path,
                           const char *ending,
                           const char *quality,
                           const char *bits,
                           const char *share,
                           GError    **error);

/**
 * limn_export:
 * @file: a picture
 * @name: for messages
 *
 * A file of the format already stays as it is, byte for byte, or is cleaned as limn_share_clean() does. Converted, it keeps bits,
 * opacity, colour profile and settings as far as the format has them.
 *
 * Returns: (transfer full): a file
 */
GBytes *limn_export (GBytes     *file,
                     const char *name,
                     const LimnExport *export,
                     GError **error);

G_END_DECLS
