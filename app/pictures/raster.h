/* Rasters: pixels as bytes, the way files hold them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnRaster:
 * @channels: 3 (red, green, blue) or 4 (and opacity, not multiplied in)
 * @depth: bytes of a sample: 1, or 2 in the order of this machine
 * @data: rows from the top, without gaps
 */
typedef struct
{
  int     width, height, channels, depth;
  guint8 *data;
} LimnRaster;

/* Returns: (transfer full) (nullable): pixels of any value; %NULL where there is not enough memory */
LimnRaster *limn_raster_new (int width,
                             int height,
                             int channels,
                             int depth);
void        limn_raster_free (LimnRaster *raster);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnRaster, limn_raster_free)

/* Bytes of a row. */
gsize limn_raster_stride (const LimnRaster *raster);

/**
 * limn_raster_orient:
 * @orientation: how it was stored, as EXIF 2.3 has it: 1 … 8
 *
 * Turns and mirrors it so that it stands upright.
 *
 * Returns: (nullable) (transfer full): @raster (transfer full) or another; %NULL where there is not enough memory
 */
LimnRaster *limn_raster_orient (LimnRaster *raster,
                                int         orientation);

/**
 * limn_raster_flatten:
 *
 * Lays transparent pixels on white and takes the opacity away, in place.
 */
void limn_raster_flatten (LimnRaster *raster);

/* Makes 16 bits 8, rounded, in place. */
void limn_raster_make_8_bit (LimnRaster *raster);

/* Returns: (transfer full): [1, height, width, 3], 0…1, transparent pixels laid on white */
LimnArray *limn_raster_to_array (const LimnRaster *raster);

/**
 * limn_raster_from_array:
 * @pixels: [1, h, w, 3], 0…1; clamped and rounded, half up; NaN becomes 0
 * @depth: 1 or 2
 *
 * Returns: (nullable) (transfer full): red, green, blue; %NULL where there is not enough memory
 */
LimnRaster *limn_raster_from_array (const LimnArray *pixels,
                                    int              depth);

G_END_DECLS
