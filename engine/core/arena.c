/* Arena: places blocks of memory that live at different times into one allocation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/arena.h"

static gsize
aligned (gsize size)
{
  return (size + LIMN_ARENA_ALIGN - 1) / LIMN_ARENA_ALIGN * LIMN_ARENA_ALIGN;
}

static int
compare_sizes (gconstpointer a,
               gconstpointer b)
{
  const LimnBlock *x = *(LimnBlock *const *) a, *y = *(LimnBlock *const *) b;

  if (x->size != y->size)
    return x->size < y->size ? 1 : -1;
  return x->first - y->first;
}

/* @offset, or the next segment's start where @size bytes would cross it. */
static gsize
within_segment (gsize offset,
                gsize size,
                gsize segment)
{
  gsize left;

  if (segment == 0 || size == 0)
    return offset;
  left = segment - offset % segment;
  return left >= size ? offset : offset + left;
}

/* The lowest offset at which @block overlaps none of @placed, which is sorted by offset. */
static gsize
lowest_gap (const GPtrArray *placed,
            const LimnBlock *block,
            gsize            segment)
{
  gsize offset = 0;

  for (guint i = 0; i < placed->len; i++)
    {
      const LimnBlock *other = placed->pdata[i];

      if (other->last < block->first || block->last < other->first)
        continue;
      if (other->offset >= offset + aligned (block->size))
        break;
      offset = within_segment (MAX (offset, other->offset + aligned (other->size)), aligned (block->size), segment);
    }
  return offset;
}

static void
insert_by_offset (GPtrArray *placed,
                  LimnBlock *block)
{
  guint at = 0;

  while (at < placed->len && ((LimnBlock *) placed->pdata[at])->offset <= block->offset)
    at++;
  g_ptr_array_insert (placed, (gint) at, block);
}

gsize
limn_arena_place (LimnBlock *blocks,
                  int        n,
                  gsize      segment)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GPtrArray) placed = g_ptr_array_new ();
  gsize size = 0;

  for (int i = 0; i < n; i++)
    g_ptr_array_add (order, &blocks[i]);
  g_ptr_array_sort (order, compare_sizes);
  for (guint i = 0; i < order->len; i++)
    {
      LimnBlock *block = order->pdata[i];

      block->offset = lowest_gap (placed, block, segment);
      insert_by_offset (placed, block);
      size = MAX (size, block->offset + aligned (block->size));
    }
  return size;
}
