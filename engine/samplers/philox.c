/* Philox4x32-10, the counter-based generator of CUDA's random numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/philox.h"

#define ROUNDS 10

static void
round_once (guint32 *counter,
            guint32  key_low,
            guint32  key_high)
{
  guint64 a = (guint64) counter[0] * 0xd2511f53u, b = (guint64) counter[2] * 0xcd9e8d57u;

  counter[0] = (guint32) (b >> 32) ^ counter[1] ^ key_low;
  counter[1] = (guint32) b;
  counter[2] = (guint32) (a >> 32) ^ counter[3] ^ key_high;
  counter[3] = (guint32) a;
}

void
limn_philox (guint32 *counter,
             guint64  key)
{
  guint32 low = (guint32) key, high = (guint32) (key >> 32);

  for (int i = 0; i < ROUNDS; i++)
    {
      round_once (counter, low, high);
      low += 0x9e3779b9u;  /* the golden ratio */
      high += 0xbb67ae85u; /* √3 - 1 */
    }
}
