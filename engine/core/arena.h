/* Arena: places blocks of memory that live at different times into one allocation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of vectors, cache lines and, in Vulkan, of any storage buffer's offset. */
#define LIMN_ARENA_ALIGN 256

/**
 * LimnBlock:
 * @size: bytes
 * @first, @last: steps between which it holds something, both included
 * @offset: where it was placed, a multiple of %LIMN_ARENA_ALIGN
 */
typedef struct
{
  gsize size;
  int   first, last;
  gsize offset;
} LimnBlock;

/**
 * limn_arena_place:
 * @segment: no block crosses a multiple of it, and none is larger; a multiple of %LIMN_ARENA_ALIGN, 0 for no limit
 *
 * Gives each block an offset so that none overlaps another that lives at the same time: largest first, each in the lowest gap
 * that holds it (greedy by size; Pisarchyk & Lee, 2020).
 *
 * Returns: bytes of the whole arena
 */
gsize limn_arena_place (LimnBlock *blocks,
                        int        n,
                        gsize      segment);

G_END_DECLS
