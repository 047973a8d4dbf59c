/* One number a pixel: what edges and lines are looked for in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Luma of ITU-R BT.709. @picture: [1, h, w, 3]. Returns: (transfer full): [1, h, w, 1] */
LimnArray *limn_plane_light (const LimnArray *picture);

/* A Gaussian of @sigma pixels; beyond its edges a plane goes on as it ends. Returns: (transfer full): [1, h, w, 1] */
LimnArray *limn_plane_blur (const LimnArray *plane,
                            double           sigma);

/* Returns: (transfer full): [1, h, w, 3] of three equal channels */
LimnArray *limn_plane_to_picture (const LimnArray *plane);

/* The number at @x, @y, or at the nearest place inside. */
float limn_plane_at (const LimnArray *plane,
                     int              x,
                     int              y);

G_END_DECLS
