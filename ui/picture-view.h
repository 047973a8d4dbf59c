/* A picture to look at closely: zoom, pan, pinch, and another one behind a line that is drawn across.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/viewport.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE_VIEW (limn_picture_view_get_type ())

/* Signal `resized ()`: what fits is another size now. */
G_DECLARE_FINAL_TYPE (LimnPictureView, limn_picture_view, LIMN, PICTURE_VIEW, GtkWidget)

GtkWidget *limn_picture_view_new (LimnViewport *viewport);

/* @texture: (nullable) */
void        limn_picture_view_set_texture (LimnPictureView *view,
                                           GdkTexture      *texture);
GdkTexture *limn_picture_view_get_texture (LimnPictureView *view);

/* @before: (nullable): is seen left of the line; %NULL: there is no line */
void limn_picture_view_set_before (LimnPictureView *view,
                                   GdkTexture      *before);

/* Drawn over the picture (nullable), as large as it is. */
void limn_picture_view_set_overlay (LimnPictureView *view,
                                    GdkPaintable    *overlay);

/* Whether dragging moves the picture; otherwise it is left to others. */
void limn_picture_view_set_pans (LimnPictureView *view,
                                 gboolean         pans);

/* A ring around the pointer, @radius pixels of the picture; 0: none. */
void limn_picture_view_set_brush (LimnPictureView *view,
                                  double           radius);

/* Room around the picture: (array fixed-size=4): pixels of it at its left, top, right and bottom. It is seen if @shown; some is left for it then. */
void limn_picture_view_set_frame (LimnPictureView *view,
                                  const int        frame[4],
                                  gboolean         shown);

/* Returns: pixels of the screen a pixel of the picture, as it is seen now */
double limn_picture_view_zoom (LimnPictureView *view);

/* By so many times, around the middle. */
void limn_picture_view_zoom_by (LimnPictureView *view,
                                double           times);

/* Where the picture is: in the view's coordinates. Returns: %FALSE if there is none */
gboolean limn_picture_view_bounds (LimnPictureView *view,
                                   graphene_rect_t *bounds);

G_END_DECLS
