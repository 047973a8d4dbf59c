/* Textures from picture files and from the engine's arrays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/* Returns: (transfer full): of a file in memory, or %NULL with an error. Any thread. */
GdkTexture *limn_texture_new_from_file (GBytes  *file,
                                        GError **error);

/* Returns: (transfer full): of a file in memory, ready to be shown @size pixels large, with rounded corners; or %NULL with an error. Any thread. */
GdkTexture *limn_texture_new_tile (GBytes  *file,
                                   int      size,
                                   double   radius,
                                   GError **error);

/* @pixels: [1, h, w, 3], 0…1. Any thread. */
GdkTexture *limn_texture_new_from_array (const LimnArray *pixels);

G_END_DECLS
