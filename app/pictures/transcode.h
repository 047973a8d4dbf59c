/* The pixels of a file as they are packed, in a new file around them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/pictures/encoding.h"

G_BEGIN_DECLS

/**
 * LimnTranscodeFunc:
 * @file: a picture that could be read
 * @name: for messages
 * @encoding: profile, texts, EXIF and XMP of the new one; no raster
 *
 * Nothing else of @file comes over but what its pixels need to be shown.
 *
 * Returns: (transfer full): the new file, or %NULL with %LIMN_APP_ERROR_FORMAT
 */
typedef GBytes *(*LimnTranscodeFunc) (GBytes             *file,
                                      const char         *name,
                                      const LimnEncoding *encoding,
                                      GError            **error);

GBytes *limn_png_transcode (GBytes             *file,
                            const char         *name,
                            const LimnEncoding *encoding,
                            GError            **error);
GBytes *limn_jpeg_transcode (GBytes             *file,
                             const char         *name,
                             const LimnEncoding *encoding,
                             GError            **error);
GBytes *limn_webp_transcode (GBytes             *file,
                             const char         *name,
                             const LimnEncoding *encoding,
                             GError            **error);

G_END_DECLS
