/* Arrays of another size, by filters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/resample.h"

#include <math.h>
#include <string.h>

#define LOBES 3

/* What one position of the result is made of: positions from @first on, and their weights. */
typedef struct
{
  int     first, n;
  double *weights;
} Tap;

static double
linear (double x)
{
  return fmax (0, 1 - fabs (x));
}

static double
lanczos (double x)
{
  double a = G_PI * x;

  if (x == 0)
    return 1;
  return fabs (x) < LOBES ? LOBES * sin (a) * sin (a / LOBES) / (a * a) : 0;
}

static Tap *
make_taps (int        from,
           int        to,
           LimnFilter filter)
{
  double scale = (double) from / to, wide = filter == LIMN_FILTER_LANCZOS ? fmax (1, scale) : 1;
  double reach = (filter == LIMN_FILTER_LANCZOS ? LOBES : 1) * wide;
  Tap   *taps = g_new (Tap, to);

  for (int i = 0; i < to; i++)
    {
      double centre = (i + 0.5) * scale - 0.5, total = 0;
      int    first = (int) ceil (centre - reach), last = (int) floor (centre + reach);

      taps[i] = (Tap){ first, last - first + 1, g_new (double, last - first + 1) };
      for (int j = first; j <= last; j++)
        total += taps[i].weights[j - first] = (filter == LIMN_FILTER_LANCZOS ? lanczos : linear) ((j - centre) / wide);
      for (int j = first; j <= last; j++)
        taps[i].weights[j - first] /= total;
    }
  return taps;
}

static void
free_taps (Tap *taps,
           int  n)
{
  for (int i = 0; i < n; i++)
    g_free (taps[i].weights);
  g_free (taps);
}

/* [outer, from, inner] → [outer, to, inner] */
static void
resample (const float *array,
          float       *result,
          gsize        outer,
          int          from,
          int          to,
          gsize        inner,
          LimnFilter   filter)
{
  Tap *taps = make_taps (from, to, filter);

  for (gsize o = 0; o < outer; o++)
    for (int i = 0; i < to; i++)
      {
        float *line = result + (o * to + i) * inner;

        memset (line, 0, inner * sizeof *line);
        for (int t = 0; t < taps[i].n; t++)
          {
            const float *at = array + (o * from + CLAMP (taps[i].first + t, 0, from - 1)) * inner;
            float        weight = (float) taps[i].weights[t];

            for (gsize k = 0; k < inner; k++)
              line[k] += weight * at[k];
          }
      }
  free_taps (taps, to);
}

LimnArray *
limn_array_resample (const LimnArray *array,
                     int              height,
                     int              width,
                     LimnFilter       filter)
{
  LimnShape  s = array->shape;
  LimnArray *result;
  g_autoptr (LimnArray) wide = NULL;

  if (s.h == height && s.w == width)
    return limn_array_copy (array);

  wide = limn_array_new ((LimnShape){ s.n, s.h, width, s.c });
  resample (array->data, wide->data, (gsize) s.n * s.h, s.w, width, s.c, filter);
  result = limn_array_new ((LimnShape){ s.n, height, width, s.c });
  resample (wide->data, result->data, s.n, s.h, height, (gsize) width * s.c, filter);
  return result;
}
