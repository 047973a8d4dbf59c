/* The tile that every product here is made of: a few rows by two vectors of columns, held in registers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/kernel.h"

G_BEGIN_DECLS

/* Rows × 2 vectors of sums fill the registers but for the two vectors of B and one broadcast of A (Goto & van de Geijn, 2008). */
#if defined(__AVX512F__)
#define LIMN_LANES 16
#define LIMN_TILE_ROWS 14
#elif defined(__AVX2__)
#define LIMN_LANES 8
#define LIMN_TILE_ROWS 6
#else
#define LIMN_LANES 4
#define LIMN_TILE_ROWS 6
#endif
#define LIMN_TILE_COLUMNS (2 * LIMN_LANES)

typedef float LimnVector __attribute__ ((
    vector_size (LIMN_LANES * sizeof (float)), aligned (sizeof (float)), may_alias));

/* Tiles that @n rows or columns take. */
static inline gsize
limn_tiles (gsize n,
            gsize size)
{
  return (n + size - 1) / size;
}

/**
 * limn_tile:
 * @a: element (row, k) is at @a[row · @a_row + k · @a_step]; LIMN_TILE_ROWS rows
 * @b: [depth][LIMN_TILE_COLUMNS]
 * @c: [LIMN_TILE_ROWS][@stride], of which the first LIMN_TILE_COLUMNS of a row are written
 * @accumulate: add to what @c holds
 *
 * C = A B, in floats.
 */
static inline __attribute__ ((always_inline)) void
limn_tile (const float *a,
           gsize        a_row,
           gsize        a_step,
           const float *b,
           gsize        depth,
           float       *c,
           gsize        stride,
           gboolean     accumulate)
{
  LimnVector sum[LIMN_TILE_ROWS][2];
  const float
      *rows[(LIMN_TILE_ROWS + 2) / 3]; /* every third: the others are one or two strides on */

#pragma GCC unroll 14
  for (int row = 0; row < LIMN_TILE_ROWS; row++)
    {
      sum[row][0] = accumulate ? *(const LimnVector *) (c + row * stride) : (LimnVector){ 0 };
      sum[row][1] = accumulate ? *(const LimnVector *) (c + row * stride + LIMN_LANES)
                               : (LimnVector){ 0 };
      if (row % 3 == 0)
        rows[row / 3] = a + row * a_row;
    }
  for (gsize k = 0; k < depth; k++, b += LIMN_TILE_COLUMNS)
    {
      LimnVector b0 = *(const LimnVector *) b, b1 = *(const LimnVector *) (b + LIMN_LANES);

#pragma GCC unroll 14
      for (int row = 0; row < LIMN_TILE_ROWS; row++)
        {
          float x = rows[row / 3][(gsize) (row % 3) * a_row];

          sum[row][0] += x * b0;
          sum[row][1] += x * b1;
        }
#pragma GCC unroll 14
      for (int third = 0; third < (LIMN_TILE_ROWS + 2) / 3; third++)
        rows[third] += a_step;
    }
#pragma GCC unroll 14
  for (int row = 0; row < LIMN_TILE_ROWS; row++)
    {
      *(LimnVector *) (c + row * stride) = sum[row][0];
      *(LimnVector *) (c + row * stride + LIMN_LANES) = sum[row][1];
    }
}

/**
 * limn_tile_transpose:
 * @from: up to LIMN_TILE_COLUMNS rows of @depth elements of @type, @stride elements apart
 * @rows: how many; the rest is filled with zeros
 * @to: [depth][LIMN_TILE_COLUMNS]
 *
 * Turns rows, multiplied by @scale, into the right operand of a tile.
 */
static inline void
limn_tile_transpose (LimnType    type,
                     const void *from,
                     gsize       stride,
                     gsize       rows,
                     gsize       depth,
                     float       scale,
                     float      *to)
{
  float buffer[LIMN_SPAN];

  if (rows < LIMN_TILE_COLUMNS)
    memset (to, 0, depth * LIMN_TILE_COLUMNS * sizeof *to);
  for (gsize row = 0; row < rows; row++)
    for (gsize k = 0; k < depth; k += LIMN_SPAN)
      {
        gsize        n = MIN (depth - k, LIMN_SPAN);
        const float *x = limn_load (type, from, row * stride + k, n, buffer);

        for (gsize i = 0; i < n; i++)
          to[(k + i) * LIMN_TILE_COLUMNS + row] = x[i] * scale;
      }
}

G_END_DECLS
