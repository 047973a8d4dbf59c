/* Inflates and unfilters the pixels of a PNG faster than libpng and its zlib do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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
 *
 * The same PNG with its pixels unpacked and their filters undone, but still in a zlib stream, of stored blocks (RFC 1951, 3.2.4), which libpng reads
 * as fast as it can copy. Checksums of the chunks that make up the pixels are verified here, as libpng is then told not to.
 *
 * Returns: (transfer full) (nullable): the file, or %NULL where libpng has to look at it as it is: interlaced, damaged, odd
 */
GBytes *limn_png_inflate (GBytes *file);

/* Returns: CRC of PNG, Annex D, of a chunk's type and data */
guint32 limn_png_checksum (gconstpointer bytes,
                           gsize         size);

G_END_DECLS
