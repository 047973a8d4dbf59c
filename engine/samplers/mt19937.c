/* The Mersenne Twister with a period of 2^19937 - 1, as PyTorch seeds and reads it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/mt19937.h"

#define SHIFT 397

void
limn_mt19937_seed (LimnMt19937 *generator,
                   guint32      seed)
{
  guint32 *state = generator->state;

  state[0] = seed;
  for (guint32 i = 1; i < LIMN_MT19937_WORDS; i++)
    state[i] = 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
  generator->next = LIMN_MT19937_WORDS;
}

static void
twist (LimnMt19937 *generator)
{
  guint32 *state = generator->state;

  for (int i = 0; i < LIMN_MT19937_WORDS; i++)
    {
      guint32 bits = (state[i] & 0x80000000u) | (state[(i + 1) % LIMN_MT19937_WORDS] & 0x7fffffffu);

      state[i] = state[(i + SHIFT) % LIMN_MT19937_WORDS] ^ (bits >> 1) ^ ((bits & 1) != 0 ? 0x9908b0dfu : 0);
    }
  generator->next = 0;
}

guint32
limn_mt19937_next (LimnMt19937 *generator)
{
  guint32 bits;

  if (generator->next >= LIMN_MT19937_WORDS)
    twist (generator);

  bits = generator->state[generator->next++];
  bits ^= bits >> 11;
  bits ^= (bits << 7) & 0x9d2c5680u;
  bits ^= (bits << 15) & 0xefc60000u;
  return bits ^ (bits >> 18);
}

guint64
limn_mt19937_next_64 (LimnMt19937 *generator)
{
  guint64 high = limn_mt19937_next (generator);

  return high << 32 | limn_mt19937_next (generator);
}
