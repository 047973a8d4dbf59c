/* What an encoder of one kind of picture takes; the same for all of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture-file.h"
#include "app/pictures/raster.h"

G_BEGIN_DECLS

/**
 * LimnEncoding:
 * @raster: 8 or 16 bits; encoders that have fewer round
 * @icc: (nullable): profile of its colours; %NULL is sRGB
 * @texts: (element-type LimnPictureText) (nullable): all of them, for formats that have texts
 * @exif: (nullable), @xmp: (nullable): the same for the others
 * @how: quality and bits
 */
typedef struct
{
  const LimnRaster        *raster;
  GBytes                  *icc;
  const GPtrArray         *texts;
  GBytes                  *exif;
  const char              *xmp;
  const LimnPictureOutput *how;
} LimnEncoding;

/* An encoder: any thread. Returns: (transfer full): a file, or %NULL with an error that says why and names no file */
typedef GBytes *(*LimnEncodeFunc) (const LimnEncoding *encoding,
                                   GError            **error);

GBytes *limn_png_encode (const LimnEncoding *encoding,
                         GError            **error);
GBytes *limn_jpeg_encode (const LimnEncoding *encoding,
                          GError            **error);
GBytes *limn_webp_encode (const LimnEncoding *encoding,
                          GError            **error);
GBytes *limn_avif_encode (const LimnEncoding *encoding,
                          GError            **error);

/**
 * limn_jpeg_encode_segments:
 * @codec: a `j_compress_ptr` that has been started
 *
 * Writes profile, EXIF and XMP. What is too large for a segment: XMP goes on in further ones, EXIF is left out, as half of
 * a text would be a wrong one.
 */
void limn_jpeg_encode_segments (gpointer            codec,
                                const LimnEncoding *encoding);

/* Returns: (transfer full): 8 bits a sample; @raster itself, copied, where it has them */
LimnRaster *limn_encoding_raster_8 (const LimnRaster *raster,
                                    gboolean          opaque);

G_END_DECLS
