/* The Mersenne Twister with a period of 2^19937 - 1, as PyTorch seeds and reads it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LIMN_MT19937_WORDS 624

typedef struct
{
  guint32 state[LIMN_MT19937_WORDS];
  int     next;
} LimnMt19937;

/* Matsumoto & Nishimura, 1998; initialised as their init_genrand() of 2002. */
void limn_mt19937_seed (LimnMt19937 *generator,
                        guint32      seed);

/* Returns: the next 32 bits, tempered */
guint32 limn_mt19937_next (LimnMt19937 *generator);

/* Returns: the next 64 bits; the first draw is the upper half */
guint64 limn_mt19937_next_64 (LimnMt19937 *generator);

G_END_DECLS
