/* The pictures that a query finds, as a list for widgets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/picture-item.h"
#include "app/library/search.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE_LIST (limn_picture_list_get_type ())
G_DECLARE_FINAL_TYPE (LimnPictureList, limn_picture_list, LIMN, PICTURE_LIST, GObject)

/**
 * limn_picture_list_new:
 *
 * A GListModel of #LimnPictureItem. It holds the numbers of all pictures found; items are made when they are asked for, and their
 * facts come a page at a time, read by another thread. It follows the library: what is added, edited or removed shows, also by
 * other programs where limn_library_poll() is called. Used in one thread, with a main loop; never waits.
 *
 * Properties: `n-items`, `loading` (a search is under way), `error` (what is wrong with the query, %NULL if nothing; the list is then as it was).
 *
 * Returns: (transfer full): an empty list that begins to search for @query
 */
LimnPictureList *limn_picture_list_new (LimnLibrary *library,
                                        const char  *query,
                                        LimnOrder    order);

void limn_picture_list_set_query (LimnPictureList *list,
                                  const char      *query,
                                  LimnOrder        order);

const char *limn_picture_list_error (LimnPictureList *list);
gboolean    limn_picture_list_loading (LimnPictureList *list);

/* Returns: where a picture is, or %GTK_INVALID_LIST_POSITION's value, G_MAXUINT, if it was not found */
guint limn_picture_list_find (LimnPictureList *list,
                              gint64           id);

G_END_DECLS
