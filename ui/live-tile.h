/* A picture in the gallery that is still being made: what can be seen of it, and how far it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/queue/queue.h"

G_BEGIN_DECLS

#define LIMN_TYPE_LIVE_TILE (limn_live_tile_get_type ())
G_DECLARE_FINAL_TYPE (LimnLiveTile, limn_live_tile, LIMN, LIVE_TILE, GtkWidget)

GtkWidget *limn_live_tile_new (LimnQueueJob *job);

/* @size: side in pixels of the interface */
void limn_live_tile_set_size (LimnLiveTile *tile,
                              int           size);

G_END_DECLS
