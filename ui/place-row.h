/* A row of the library's list: a name, a query, what may be dropped on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/undo.h"

G_BEGIN_DECLS

/* In the order of the list. */
typedef enum
{
  LIMN_PLACE_ROW_ALL,
  LIMN_PLACE_ROW_STARRED,
  LIMN_PLACE_ROW_BEST,
  LIMN_PLACE_ROW_TRASH,
  LIMN_PLACE_ROW_ALBUM,
  LIMN_PLACE_ROW_SEARCH,
  LIMN_PLACE_ROW_TAG
} LimnPlaceRowKind;

#define LIMN_TYPE_PLACE_ROW (limn_place_row_get_type ())
G_DECLARE_FINAL_TYPE (LimnPlaceRow, limn_place_row, LIMN, PLACE_ROW, GtkListBoxRow)

/* @count: pictures; negative: is not shown */
GtkWidget *limn_place_row_new (LimnPlaceRowKind kind,
                               const char      *icon,
                               const char      *name,
                               const char      *query,
                               gint64           count);

LimnPlaceRowKind limn_place_row_kind (LimnPlaceRow *row);
const char      *limn_place_row_name (LimnPlaceRow *row);
const char      *limn_place_row_query (LimnPlaceRow *row);
int              limn_place_row_compare (LimnPlaceRow *a,
                                         LimnPlaceRow *b);

/* Returns: (nullable): what stands above @row if @before (nullable) is the row before it */
const char *limn_place_row_heading (LimnPlaceRow *row,
                                    LimnPlaceRow *before);

/* Pictures of the gallery that are dropped come into the album, get the tag or the star, or go to the trash; @undo does it. */
void limn_place_row_take_drops (LimnPlaceRow *row,
                                LimnUndo     *undo);

G_END_DECLS
