/* A picture from close up: zoomed, compared, with its settings and its history, and what can be made of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/request.h"
#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_VIEWER_MOST 4

#define LIMN_TYPE_VIEWER (limn_viewer_get_type ())

/**
 * LimnViewer:
 *
 * Signals: `message (const char *)`; `step (int)`: the next picture (1) or the one before (-1) is wanted; `use (gpointer request, gboolean seed)`: its settings
 * are wanted; `make (gpointer request, gint64 source)`: a #LimnRequest is to be made, starting from a picture or not (0); `source (gint64)`: the next picture
 * is to start from this one; `mask (gint64)`: what to repaint is to be marked.
 */
G_DECLARE_FINAL_TYPE (LimnViewer, limn_viewer, LIMN, VIEWER, AdwBin)

void limn_viewer_set_studio (LimnViewer *viewer,
                             LimnStudio *studio);

/* @ids: (array length=n): one picture, or up to four to compare */
void limn_viewer_open (LimnViewer   *viewer,
                       const gint64 *ids,
                       guint         n);

/* Returns: the first picture shown; 0: none */
gint64 limn_viewer_get_id (LimnViewer *viewer);

/* Compares what is shown with another one. */
void limn_viewer_add (LimnViewer *viewer,
                      gint64      id);

/* Lets go of the pictures. */
void limn_viewer_close (LimnViewer *viewer);

G_END_DECLS
