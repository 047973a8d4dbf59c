/* A picture in the history of another one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/library/history.h"
#include "ui/thumbnails.h"

G_BEGIN_DECLS

#define LIMN_TYPE_HISTORY_ROW (limn_history_row_get_type ())
G_DECLARE_FINAL_TYPE (LimnHistoryRow, limn_history_row, LIMN, HISTORY_ROW, GtkListBoxRow)

GtkWidget *limn_history_row_new (const LimnHistoryNode *node,
                                 LimnThumbnails        *thumbnails);
gint64     limn_history_row_id (LimnHistoryRow *row);

G_END_DECLS
