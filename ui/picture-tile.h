/* A picture in the gallery: its thumbnail, its stars.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/library/picture-item.h"
#include "ui/thumbnails.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE_TILE (limn_picture_tile_get_type ())
G_DECLARE_FINAL_TYPE (LimnPictureTile, limn_picture_tile, LIMN, PICTURE_TILE, GtkWidget)

GtkWidget *limn_picture_tile_new (LimnThumbnails *thumbnails);

/* @item: (nullable): shows nothing, and asks for nothing any more */
void limn_picture_tile_set_item (LimnPictureTile *tile,
                                 LimnPictureItem *item);

/* Returns: (nullable) (transfer none) */
LimnPictureItem *limn_picture_tile_get_item (LimnPictureTile *tile);

/* @size: side in pixels of the interface */
void limn_picture_tile_set_size (LimnPictureTile *tile,
                                 int              size);

/* Returns: (nullable) (transfer none): what it shows, for drags */
GdkTexture *limn_picture_tile_get_texture (LimnPictureTile *tile);

G_END_DECLS
