/* Colours: from a picture's own profile to sRGB.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/pictures/raster.h"

G_BEGIN_DECLS

/**
 * limn_colour_to_srgb:
 * @icc: (nullable): profile of @raster (ICC.1); one that is damaged or not for red, green and blue changes nothing
 *
 * Converts colours in place (perceptual intent, black point compensated); opacity stays. Any thread.
 */
void limn_colour_to_srgb (LimnRaster *raster,
                          GBytes     *icc);

/**
 * limn_colour_from_inks:
 * @raster: cyan, magenta, yellow and black of 8 bits; becomes red, green and blue
 * @icc: (inout) (nullable): its profile; taken away, as it does not fit what comes out
 * @inverted: 0 stands for full ink, as Adobe's programs store it
 */
void limn_colour_from_inks (LimnRaster *raster,
                            GBytes    **icc,
                            gboolean    inverted);

G_END_DECLS
