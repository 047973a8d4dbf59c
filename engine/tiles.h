/* Tiles: a picture in overlapping pieces of one size, put together again without seams.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/tensor.h"

G_BEGIN_DECLS

/**
 * LimnTiling:
 * @side: pixels of a piece along a side at the most
 * @context: pixels at a piece's inner edges that only lend their surroundings: their results are not used
 * @ramp: pixels from there on over which a piece passes into the next; @side is more than twice @context and @ramp
 * @step: pieces begin at multiples of it; it divides @side and the picture's size
 * @scale: pixels of the result along a side for one of the picture
 */
typedef struct
{
  int side, context, ramp, step, scale;
} LimnTiling;

/**
 * LimnTileAxis:
 * @length: pixels of the picture
 * @size: of each piece
 * @count: pieces
 * @shares: of each piece, size · scale numbers: how much of each of its results counts; those of a place sum to 1
 *
 * The pieces along one side.
 */
typedef struct
{
  int    length, size, count, stride;
  float *shares;
} LimnTileAxis;

void limn_tile_axis_init (LimnTileAxis     *axis,
                          const LimnTiling *tiling,
                          int               length);
void limn_tile_axis_clear (LimnTileAxis *axis);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnTileAxis, limn_tile_axis_clear)

/* Returns: the pixel at which piece @index begins. */
int limn_tile_start (const LimnTileAxis *axis,
                     int                 index);

/**
 * limn_tile_add:
 * @piece: results of the pieces @row and @column, [1, size · scale, size · scale, c]
 * @whole: [1, h, w, c], what goes beyond it is left out
 *
 * Adds the piece's share to the whole, which begins as zeros.
 */
void limn_tile_add (const LimnTileAxis *rows,
                    const LimnTileAxis *columns,
                    int                 row,
                    int                 column,
                    int                 scale,
                    const LimnArray    *piece,
                    LimnArray          *whole);

G_END_DECLS
