/* Thumbnails: pictures made small and packed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/error.h"
#include "engine/engine.h"

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
 * limn_thumbnail_make:
 * @pixels: [1, h, w, 3], 0…1
 *
 * Scales with Catmull and Rom's cubic (1974), widened when scaling down so that nothing aliases, and packs it as WebP. Any thread.
 *
 * Returns: (transfer full): a WebP file, or %NULL with %LIMN_LIBRARY_ERROR_FAILED
 */
GBytes *limn_thumbnail_make (const LimnArray *pixels,
                             int              size,
                             GError         **error);

G_END_DECLS
