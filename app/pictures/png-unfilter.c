/* Takes back the filters of a PNG's rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/png-unfilter.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef enum
{
  FILTER_NONE,
  FILTER_SUB,
  FILTER_UP,
  FILTER_AVERAGE,
  FILTER_PAETH
} Filter;

/* Four bytes of a pixel in the first lanes, since what they are compared with needs more than 8 bits; the other lanes are not used. */
typedef gint16 Pixel __attribute__ ((vector_size (16)));

/* Reads 4 bytes also where a pixel has 3. Compilers make poor code of lanes that are read one by one. */
static inline Pixel
load (const guint8 *from)
{
#ifdef __SSE2__
  int word;

  memcpy (&word, from, 4);
  return (Pixel) _mm_unpacklo_epi8 (_mm_cvtsi32_si128 (word), _mm_setzero_si128 ());
#else
  return (Pixel){ from[0], from[1], from[2], from[3] };
#endif
}

static inline void
store (guint8 *to,
       Pixel   pixel,
       gsize   size)
{
#ifdef __SSE2__
  int word = _mm_cvtsi128_si32 (_mm_packus_epi16 ((__m128i) pixel, (__m128i) pixel));

  memcpy (to, &word, size);
#else
  for (gsize c = 0; c < size; c++)
    to[c] = (guint8) pixel[c];
#endif
}

static inline Pixel
choose (Pixel which,
        Pixel yes,
        Pixel no)
{
  return (which & yes) | (~which & no);
}

static inline Pixel
magnitude (Pixel x)
{
  Pixel sign = x >> 15;

  return (x ^ sign) - sign;
}

/* Of left, above and above left the one that is nearest to left + above - above left; in doubt the first of them. */
static inline Pixel
paeth (Pixel left,
       Pixel above,
       Pixel corner)
{
  Pixel from_corner = above - corner, to_corner = left - corner;
  Pixel by_left = magnitude (from_corner), by_above = magnitude (to_corner), by_corner = magnitude (from_corner + to_corner);
  Pixel nearer = choose (by_above <= by_corner, above, corner);

  return choose ((by_left <= by_above) & (by_left <= by_corner), left, nearer);
}

/* The pixels before the first one are 0. @filter and @size are constants here, so that each pair gets a loop of its own. */
static inline __attribute__ ((always_inline)) void
undo_carried (Filter        filter,
              const guint8 *row,
              const guint8 *above,
              guint8       *to,
              gsize         bytes,
              gsize         size)
{
  const Pixel byte = { 255, 255, 255, 255 };
  Pixel       left = { 0 }, corner = { 0 };

  for (gsize i = 0; i < bytes; i += size)
    {
      Pixel up = load (above + i);
      Pixel guess = filter == FILTER_SUB ? left : filter == FILTER_AVERAGE ? (left + up) >> 1
                                                                           : paeth (left, up, corner);

      left = (load (row + i) + guess) & byte;
      corner = up;
      if (i + 4 <= bytes)
        store (to + i, left, 4); /* what is too much is written over next */
      else
        store (to + i, left, size);
    }
}

static void
undo_up (const guint8 *row,
         const guint8 *above,
         guint8       *to,
         gsize         bytes)
{
#pragma omp simd
  for (gsize i = 0; i < bytes; i++)
    to[i] = (guint8) (row[i] + above[i]);
}

/* Returns: whether there is such a filter */
static gboolean
undo (guint8        filter,
      const guint8 *row,
      const guint8 *above,
      guint8       *to,
      gsize         bytes,
      gsize         pixel)
{
#define CASE(which, size)                                \
  if (filter == which && pixel == size)                  \
    {                                                    \
      undo_carried (which, row, above, to, bytes, size); \
      return TRUE;                                       \
    }
  CASE (FILTER_SUB, 3)
  CASE (FILTER_SUB, 4)
  CASE (FILTER_AVERAGE, 3)
  CASE (FILTER_AVERAGE, 4)
  CASE (FILTER_PAETH, 3)
  CASE (FILTER_PAETH, 4)
#undef CASE
  if (filter == FILTER_UP)
    undo_up (row, above, to, bytes);
  else if (filter == FILTER_NONE)
    memcpy (to, row, bytes);
  return filter == FILTER_UP || filter == FILTER_NONE;
}

/* Of the row above, a byte beyond its end is read (and not used): it is the first of the row that is written next, so there is one. */
gboolean
limn_png_unfilter (const guint8 *data,
                   gsize         row,
                   gsize         height,
                   gsize         pixel,
                   guint8       *to)
{
  g_autofree guint8 *nothing = g_malloc0 (row + LIMN_PNG_SLACK);
  const guint8      *above = nothing;

  for (gsize y = 0; y < height; y++, data += row + 1)
    {
      if (!undo (data[0], data + 1, above, to, row, pixel))
        return FALSE;
      above = to;
      to += row;
    }
  return TRUE;
}
