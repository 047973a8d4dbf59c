/* What each kind of change comes to, number by number: only for patch.c, whose helpers they use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* t [r, r, kernel], a [r, out], b [r, in] */
static double
tucker (const LimnWeights *w,
        const char        *core,
        gsize              rank,
        gsize              rows,
        gsize              inputs,
        gsize              row,
        gsize              input,
        gsize              k)
{
  g_autofree char *a = g_strconcat (core, "_a", NULL), *b = g_strconcat (core, "_b", NULL);
  double           sum = 0;

  for (gsize i = 0; i < rank; i++)
    for (gsize j = 0; j < rank; j++)
      sum += at (w, core, (i * rank + j) * KERNEL + k) * at (w, a, i * rows + row) * at (w, b, j * inputs + input);
  return sum;
}

static double
loha_tucker (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return tucker (w, "t1", RANK, OUT, IN, row, input, k) * tucker (w, "t2", OTHER, OUT, IN, row, input, k);
}

static double
k1 (const LimnWeights *w, gsize row, gsize input)
{
  return at (w, "k1", row / 5 * 2 + input / 7);
}

static double
k1_low (const LimnWeights *w, gsize row, gsize input)
{
  return low_rank (w, "k1_a", "k1_b", 4, 2, row / 5, input / 7);
}

static double
lokr (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return k1 (w, row, input) * at (w, "k2", row % 5 * 7 + input % 7);
}

static double
lokr_conv (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return k1_low (w, row, input) * at (w, "k2_conv", (row % 5 * 7 + input % 7) * KERNEL + k);
}

static double
lokr_low (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return k1 (w, row, input) * low_rank (w, "k2_a", "k2_b", 4, 7 * KERNEL, row % 5, input % 7 * KERNEL + k);
}

static double
lokr_tucker (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return k1_low (w, row, input) * tucker (w, "kt", 4, 5, 7, row % 5, input % 7, k);
}

static double
full (const LimnWeights *w, gsize row, gsize input, gsize k)
{
  return at (w, "diff", row * IN + input);
}
