/* Arena: blocks that live at the same time never overlap, and memory is used again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/arena.h"

static gboolean
overlap (const LimnBlock *a,
         const LimnBlock *b)
{
  gboolean together = a->first <= b->last && b->first <= a->last;

  return together && a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static void
test_never_overlaps (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int round = 0; round < 200; round++)
    {
      LimnBlock blocks[40];
      gsize     total, segment = round % 2 == 0 ? 0 : 20 * LIMN_ARENA_ALIGN;

      for (int i = 0; i < 40; i++)
        {
          int first = g_rand_int_range (random, 0, 50);

          blocks[i] = (LimnBlock){ (gsize) g_rand_int_range (random, 0, 5000), first,
                                   first + g_rand_int_range (random, 0, 12), 0 };
        }
      total = limn_arena_place (blocks, 40, segment);
      for (int i = 0; i < 40; i++)
        {
          g_assert_cmpuint (blocks[i].offset % LIMN_ARENA_ALIGN, ==, 0);
          g_assert_cmpuint (blocks[i].offset + blocks[i].size, <=, total);
          if (segment > 0 && blocks[i].size > 0)
            g_assert_cmpuint (blocks[i].offset / segment, ==, (blocks[i].offset + blocks[i].size - 1) / segment);
          for (int j = 0; j < i; j++)
            g_assert_false (overlap (&blocks[i], &blocks[j]));
        }
    }
}

/* A chain, each read once: two blocks are enough. */
static void
test_reuses_memory (void)
{
  LimnBlock blocks[20];

  for (int i = 0; i < 20; i++)
    blocks[i] = (LimnBlock){ 1024, i, i + 1, 0 };
  g_assert_cmpuint (limn_arena_place (blocks, 20, 0), ==, 2048);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arena/never-overlaps", test_never_overlaps);
  g_test_add_func ("/arena/reuses-memory", test_reuses_memory);
  return g_test_run ();
}
