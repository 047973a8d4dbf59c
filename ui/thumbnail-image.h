/* One picture of the library, small: in rows and buttons.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/thumbnails.h"

G_BEGIN_DECLS

#define LIMN_TYPE_THUMBNAIL_IMAGE (limn_thumbnail_image_get_type ())
G_DECLARE_FINAL_TYPE (LimnThumbnailImage, limn_thumbnail_image, LIMN, THUMBNAIL_IMAGE, AdwBin)

/* @id: 0 shows nothing */
void limn_thumbnail_image_set (LimnThumbnailImage *image,
                               LimnThumbnails     *thumbnails,
                               gint64              id);

/* Something that is no picture of the library (nullable): a preview. */
void limn_thumbnail_image_set_paintable (LimnThumbnailImage *image,
                                         GdkPaintable       *paintable);

G_END_DECLS
