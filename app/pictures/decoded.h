/* What a decoder of one kind of picture gives; the same for all of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/pictures/raster.h"

G_BEGIN_DECLS

#define LIMN_PICTURE_MAX_PIXELS ((gsize) 64 * 1024 * 1024)
#define LIMN_PICTURE_MAX_SIDE 65535
/* Of metadata in one file; larger ones are passed over. */
#define LIMN_PICTURE_MAX_METADATA ((gsize) 64 * 1024 * 1024)

/**
 * LimnWish:
 * @pixels: whether to decode pixels at all
 * @least: 0 for all pixels; else the longer side may come smaller, down to this many, where that is faster
 */
typedef struct
{
  gboolean pixels;
  int      least;
} LimnWish;

/**
 * LimnDecoded:
 * @width, @height: of the picture as stored, whatever the size of @raster
 * @raster: (nullable): as stored
 * @icc: (nullable): profile of the raster's colours
 * @exif: (nullable): a TIFF structure, without "Exif\0\0"
 * @xmp: (nullable): a packet
 * @texts: (element-type LimnPictureText): those that the format has itself
 * @orientation: of EXIF; 1 where the decoder or the format took care of it
 * @error: (nullable): why it failed, without the file's name
 */
typedef struct
{
  int         width, height;
  LimnRaster *raster;
  GBytes     *icc, *exif, *xmp;
  GPtrArray  *texts;
  int         orientation;
  GError     *error;
} LimnDecoded;

void limn_decoded_init (LimnDecoded *decoded);
void limn_decoded_clear (LimnDecoded *decoded);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnDecoded, limn_decoded_clear)

/* Returns: %FALSE, for tail calls; sets the error unless there is one already */
gboolean limn_decoded_fail (LimnDecoded *decoded,
                            const char  *format,
                            ...) G_GNUC_PRINTF (2, 3);

/**
 * limn_decoded_check_size:
 *
 * Takes the size over, unless it is none or more than this program deals with.
 *
 * Returns: whether to go on
 */
gboolean limn_decoded_check_size (LimnDecoded *decoded,
                                  gint64       width,
                                  gint64       height,
                                  gboolean     pixels);

/* Returns: whether there was memory for the raster, which then has the size given */
gboolean limn_decoded_make_raster (LimnDecoded *decoded,
                                   int          width,
                                   int          height,
                                   int          channels,
                                   int          depth);

/* A decoder: any thread, no state, bytes may be hostile. Returns: %FALSE with the error set in @decoded */
typedef gboolean (*LimnDecodeFunc) (GBytes         *file,
                                    const LimnWish *wish,
                                    LimnDecoded    *decoded);

gboolean limn_png_decode (GBytes         *file,
                          const LimnWish *wish,
                          LimnDecoded    *decoded);
gboolean limn_jpeg_decode (GBytes         *file,
                           const LimnWish *wish,
                           LimnDecoded    *decoded);
gboolean limn_webp_decode (GBytes         *file,
                           const LimnWish *wish,
                           LimnDecoded    *decoded);
gboolean limn_heif_decode (GBytes         *file,
                           const LimnWish *wish,
                           LimnDecoded    *decoded);
gboolean limn_tiff_decode (GBytes         *file,
                           const LimnWish *wish,
                           LimnDecoded    *decoded);

G_END_DECLS
