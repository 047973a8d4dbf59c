/* What can be done to pictures in the gallery, by keys and by the menu.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/gallery.h"

G_BEGIN_DECLS

void limn_gallery_install_actions (GtkWidgetClass *class);

/* Enables what makes sense for what is selected. */
void limn_gallery_update_actions (LimnGallery *gallery);

/* The menu at a tile: by the right button, a long press. */
void limn_gallery_add_menu (LimnGallery *gallery,
                            GtkWidget   *tile,
                            GtkListItem *list_item);

G_END_DECLS
