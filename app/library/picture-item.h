/* A picture in a list: its number at once, its facts when they have been read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/library/facts.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE_ITEM (limn_picture_item_get_type ())
G_DECLARE_FINAL_TYPE (LimnPictureItem, limn_picture_item, LIMN, PICTURE_ITEM, GObject)

/* Properties, to bind to: `id`, `loaded`, `width`, `height`, `rating`, `starred`, `prompt`, `name`. */
LimnPictureItem *limn_picture_item_new (gint64 id);
gint64           limn_picture_item_id (LimnPictureItem *item);

/* Returns: (nullable) (transfer none): until the item gets other facts; %NULL while they are not read: wait for notify::loaded */
const LimnFacts *limn_picture_item_facts (LimnPictureItem *item);

/* Takes @facts over and notifies. */
void limn_picture_item_take_facts (LimnPictureItem *item,
                                   LimnFacts       *facts);

G_END_DECLS
