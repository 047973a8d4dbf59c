/* Thumbnails: pictures made small and packed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/error.h"
#include "app/picture-file.h"

G_BEGIN_DECLS

/* Pixels of the longer side. */
#define LIMN_THUMBNAIL_SMALL 256
#define LIMN_THUMBNAIL_LARGE 512

/**
 * limn_thumbnail_fit:
 * @width, @height: (inout): of a picture; become those of its thumbnail, which is never larger
 * @size: %LIMN_THUMBNAIL_SMALL or %LIMN_THUMBNAIL_LARGE
 */
void limn_thumbnail_fit (int *width,
                         int *height,
                         int  size);

/**
 * limn_thumbnail_scale:
 * @raster: red, green, blue of 8 bits
 *
 * Each pixel is the mean of those that it covers, so that nothing aliases and edges stay where they are. Any thread.
 *
 * Returns: (transfer full) (nullable): as large as limn_thumbnail_fit() says; %NULL where there is not enough memory
 */
LimnRaster *limn_thumbnail_scale (const LimnRaster *raster,
                                  int               size);

/**
 * limn_thumbnail_tile:
 * @radius: of its corners, in pixels
 *
 * What can be shown without scaling or cutting anything: the way from a file to the screen that is taken once, not in every frame. Any thread.
 *
 * Returns: (transfer full) (nullable): limn_thumbnail_scale() to @size, as rows of blue, green, red and opacity, premultiplied; @width, @height: (out)
 */
GBytes *limn_thumbnail_tile (const LimnRaster *raster,
                             int               size,
                             double            radius,
                             int              *width,
                             int              *height);

/**
 * limn_thumbnail_pack:
 * @small: (nullable): %NULL fails for want of memory
 *
 * JPEG takes a fifth of the time of WebP, which is what counts when a folder of thousands is imported. Any thread.
 *
 * Returns: (transfer full): a JPEG file, or %NULL with %LIMN_LIBRARY_ERROR_FAILED
 */
GBytes *limn_thumbnail_pack (const LimnRaster *small,
                             GError          **error);

G_END_DECLS
