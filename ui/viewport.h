/* What part of a picture is seen, and how large; several views may share one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LIMN_VIEWPORT_LEAST 0.02
#define LIMN_VIEWPORT_MOST 32.0

#define LIMN_TYPE_VIEWPORT (limn_viewport_get_type ())

/* Signal `changed ()`. */
G_DECLARE_FINAL_TYPE (LimnViewport, limn_viewport, LIMN, VIEWPORT, GObject)

LimnViewport *limn_viewport_new (void);

/* Returns: pixels of the screen a pixel of the picture; 0: the whole picture is to be seen */
double limn_viewport_zoom (LimnViewport *viewport);

/* The place of the picture in the middle of the view, 0…1. */
double limn_viewport_x (LimnViewport *viewport);
double limn_viewport_y (LimnViewport *viewport);

void limn_viewport_set (LimnViewport *viewport,
                        double        zoom,
                        double        x,
                        double        y);
void limn_viewport_fit (LimnViewport *viewport);

G_END_DECLS
