/* Thumbnails: pictures made small and packed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/thumbnail.h"

#include <math.h>
#include <string.h>

/* Weights of a target position sum to this. */
#define UNIT_BITS 12
#define UNIT (1u << UNIT_BITS)
/* Sums of rows keep this many bits below a byte's. */
#define ROW_BITS 8

static const LimnPictureOutput jpeg = { .format = "JPEG", .quality = 85, .depth = 8, .quick = TRUE };

/* The source positions that a target position covers, and how much of it each of them is. */
typedef struct
{
  int    first, count;
  guint *weights;
} Tap;

typedef struct
{
  Tap   *taps;
  guint *weights;
} Taps;

static void
taps_clear (Taps *taps)
{
  g_free (taps->taps);
  g_free (taps->weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taps, taps_clear)

static void
fill_tap (Tap   *tap,
          double from,
          double to,
          int    source)
{
  guint rest = UNIT;

  tap->first = MIN ((int) from, source - 1);
  tap->count = MAX (1, MIN (source, (int) ceil (to - 1e-9)) - tap->first);
  for (int i = 0; i < tap->count; i++)
    {
      double covered = MIN (to, tap->first + i + 1) - MAX (from, tap->first + i);

      tap->weights[i] = MIN (rest, (guint) lround (covered / (to - from) * UNIT));
      rest -= tap->weights[i];
    }
  tap->weights[tap->count / 2] += rest;
}

static void
taps_init (Taps *taps,
           int   source,
           int   target)
{
  double scale = (double) source / target;
  int    most = (int) ceil (scale) + 2;

  taps->taps = g_new (Tap, target);
  taps->weights = g_new (guint, (gsize) target * most);
  for (int i = 0; i < target; i++)
    {
      taps->taps[i].weights = taps->weights + (gsize) i * most;
      fill_tap (&taps->taps[i], i * scale, (i + 1) * scale, source);
    }
}

/* One row of the source's width from several rows of it. */
static void
mix_rows (const LimnRaster *raster,
          const Tap        *tap,
          guint32          *row)
{
  gsize n = limn_raster_stride (raster);

  memset (row, 0, n * sizeof *row);
  for (int i = 0; i < tap->count; i++)
    {
      const guint8 *source = raster->data + (gsize) (tap->first + i) * n;
      guint         weight = tap->weights[i];

#pragma omp simd
      for (gsize x = 0; x < n; x++)
        row[x] += weight * source[x];
    }

#pragma omp simd
  for (gsize x = 0; x < n; x++)
    row[x] >>= UNIT_BITS - ROW_BITS;
}

static void
mix_columns (const guint32 *row,
             const Taps    *taps,
             int            width,
             guint8        *target)
{
  for (int x = 0; x < width; x++)
    {
      const Tap     *tap = &taps->taps[x];
      const guint32 *source = row + (gsize) tap->first * 3;
      guint          sums[3] = { 0 };

      for (int i = 0; i < tap->count; i++)
        for (int c = 0; c < 3; c++)
          sums[c] += tap->weights[i] * source[3 * i + c];
      for (int c = 0; c < 3; c++)
        target[3 * x + c] = (sums[c] + (1u << (UNIT_BITS + ROW_BITS - 1))) >> (UNIT_BITS + ROW_BITS);
    }
}

/* Half the size exactly, which is the usual case: 512 to 256, and the second thumbnail from the first. */
static void
halve (const LimnRaster *raster,
       LimnRaster       *small)
{
  gsize stride = limn_raster_stride (raster);

  for (int y = 0; y < small->height; y++)
    {
      const guint8 *above = raster->data + 2 * y * stride, *below = above + stride;
      guint8       *target = small->data + y * limn_raster_stride (small);

      for (int x = 0; x < small->width; x++, above += 6, below += 6, target += 3)
        for (int c = 0; c < 3; c++)
          target[c] = (above[c] + above[c + 3] + below[c] + below[c + 3] + 2) >> 2;
    }
}

static void
average (const LimnRaster *raster,
         LimnRaster       *small)
{
  g_auto (Taps) across = { 0 };
  g_auto (Taps) down = { 0 };
  g_autofree guint32 *row = g_new (guint32, limn_raster_stride (raster));

  taps_init (&across, raster->width, small->width);
  taps_init (&down, raster->height, small->height);
  for (int y = 0; y < small->height; y++)
    {
      mix_rows (raster, &down.taps[y], row);
      mix_columns (row, &across, small->width, small->data + y * limn_raster_stride (small));
    }
}

void
limn_thumbnail_fit (int *width,
                    int *height,
                    int  size)
{
  int longer = MAX (*width, *height);

  if (longer <= size)
    return;

  *width = MAX (1, (int) lround ((double) *width * size / longer));
  *height = MAX (1, (int) lround ((double) *height * size / longer));
}

LimnRaster *
limn_thumbnail_scale (const LimnRaster *raster,
                      int               size)
{
  int         width = raster->width, height = raster->height;
  LimnRaster *small;

  g_return_val_if_fail (raster->channels == 3 && raster->depth == 1, NULL);

  limn_thumbnail_fit (&width, &height, size);
  small = limn_raster_new (width, height, 3, 1);
  if (small == NULL)
    return NULL;

  if (raster->width == width && raster->height == height)
    memcpy (small->data, raster->data, limn_raster_stride (raster) * raster->height);
  else if (raster->width == 2 * width && raster->height == 2 * height)
    halve (raster, small);
  else
    average (raster, small);
  return small;
}

/* How much of a pixel is within rounded corners. */
static double
within_corners (int    x,
                int    y,
                int    width,
                int    height,
                double radius)
{
  double right = width - radius, bottom = height - radius, cx = x + 0.5, cy = y + 0.5;
  double dx = cx < radius ? radius - cx : MAX (cx - right, 0), dy = cy < radius ? radius - cy : MAX (cy - bottom, 0);

  return dx > 0 && dy > 0 ? CLAMP (radius + 0.5 - hypot (dx, dy), 0, 1) : 1;
}

GBytes *
limn_thumbnail_tile (const LimnRaster *raster,
                     int               size,
                     double            radius,
                     int              *width,
                     int              *height)
{
  g_autoptr (LimnRaster) small = limn_thumbnail_scale (raster, size);
  guint8 *pixels = small != NULL ? g_try_malloc ((gsize) 4 * small->width * small->height) : NULL;

  if (pixels == NULL)
    return NULL;
  for (int y = 0; y < small->height; y++)
    for (int x = 0; x < small->width; x++)
      {
        const guint8 *from = small->data + (gsize) y * limn_raster_stride (small) + 3 * x;
        guint8       *to = pixels + 4 * ((gsize) y * small->width + x);
        double        opacity = within_corners (x, y, small->width, small->height, radius);

        to[0] = (guint8) (from[2] * opacity);
        to[1] = (guint8) (from[1] * opacity);
        to[2] = (guint8) (from[0] * opacity);
        to[3] = (guint8) (255 * opacity);
      }
  *width = small->width;
  *height = small->height;
  return g_bytes_new_take (pixels, (gsize) 4 * small->width * small->height);
}

GBytes *
limn_thumbnail_pack (const LimnRaster *small,
                     GError          **error)
{
  g_autoptr (GError) why = NULL;
  GBytes *bytes = small != NULL ? limn_picture_encode (small, NULL, NULL, &jpeg, &why) : NULL;

  if (bytes == NULL)
    g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "thumbnail: %s: close other programs to free memory",
                 why ? why->message : "there is not enough memory");
  return bytes;
}
