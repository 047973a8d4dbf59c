/* Inflates and unfilters the pixels of a PNG faster than libpng and its zlib do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/pictures/raster.h"

G_BEGIN_DECLS

/**
 * LimnPngChunk:
 * @type: four letters
 * @at: where it begins in the file, @size: of its data; the whole chunk takes 12 bytes more
 */
typedef struct
{
  char  type[5];
  gsize at, size;
} LimnPngChunk;

/**
 * limn_png_next_chunk:
 * @at: (inout): where to read, 8 for the first one
 *
 * Returns: %FALSE where the file has no whole chunk
 */
gboolean limn_png_next_chunk (GBytes       *file,
                              gsize        *at,
                              LimnPngChunk *chunk);

/**
 * limn_png_inflate:
 * @rest: (out) (transfer full): the same PNG of one pixel, for libpng to read all the other chunks of
 *
 * For the usual kind: red, green, blue and perhaps opacity in 8 bits, all rows in order. Checksums of the pixels' chunks are verified here.
 *
 * Returns: (transfer full) (nullable): the pixels as they are stored, or %NULL where libpng has to look at the file as it is
 */
LimnRaster *limn_png_inflate (GBytes  *file,
                              GBytes **rest);

/* Returns: CRC of PNG, Annex D, of a chunk's type and data */
guint32 limn_png_checksum (gconstpointer bytes,
                           gsize         size);

G_END_DECLS
