/* Pictures out of the gallery and into it, by drag and drop.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/gallery.h"
#include "ui/picture-tile.h"

G_BEGIN_DECLS

/* Lets the selected pictures, this one among them, be dragged out by @tile. */
void limn_gallery_add_drag (LimnGallery     *gallery,
                            LimnPictureTile *tile);

/* Takes files and pictures of other programs into the library. */
void limn_gallery_add_drops (LimnGallery *gallery);

/* Takes what is in the clipboard into the library, if it is a picture or a file. */
void limn_gallery_paste (LimnGallery *gallery);

G_END_DECLS
