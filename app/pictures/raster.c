/* Rasters: pixels as bytes, the way files hold them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/raster.h"

#include <string.h>

#define UPRIGHT 1

LimnRaster *
limn_raster_new (int width,
                 int height,
                 int channels,
                 int depth)
{
  guint8     *data = g_try_malloc_n ((gsize) width * height, (gsize) channels * depth);
  LimnRaster *raster;

  if (data == NULL)
    return NULL;

  raster = g_new (LimnRaster, 1);
  *raster = (LimnRaster){ .width = width, .height = height, .channels = channels, .depth = depth, .data = data };
  return raster;
}

void
limn_raster_free (LimnRaster *raster)
{
  g_free (raster->data);
  g_free (raster);
}

gsize
limn_raster_stride (const LimnRaster *raster)
{
  return (gsize) raster->width * raster->channels * raster->depth;
}

/* Where the pixel at x, y of the upright picture is stored: x = a x + b y (+ the last column if @from_right), and so on. */
typedef struct
{
  gboolean swap, from_right, from_bottom;
} Turn;

/* EXIF 2.3, 4.6.4 A, Orientation: which side row 0 and column 0 are */
static const Turn turns[] = {
  [1] = { FALSE, FALSE, FALSE },
  [2] = { FALSE, TRUE, FALSE },
  [3] = { FALSE, TRUE, TRUE },
  [4] = { FALSE, FALSE, TRUE },
  [5] = { TRUE, FALSE, FALSE },
  [6] = { TRUE, FALSE, TRUE },
  [7] = { TRUE, TRUE, TRUE },
  [8] = { TRUE, TRUE, FALSE },
};

static void
turn_row (const LimnRaster *from,
          LimnRaster       *to,
          const Turn       *turn,
          int               y)
{
  gsize   pixel = (gsize) from->channels * from->depth;
  guint8 *target = to->data + y * limn_raster_stride (to);

  for (int x = 0; x < to->width; x++)
    {
      int column = turn->swap ? y : x;
      int row = turn->swap ? x : y;

      if (turn->from_right)
        column = from->width - 1 - column;
      if (turn->from_bottom)
        row = from->height - 1 - row;
      memcpy (target + x * pixel, from->data + row * limn_raster_stride (from) + column * pixel, pixel);
    }
}

LimnRaster *
limn_raster_orient (LimnRaster *raster,
                    int         orientation)
{
  g_autoptr (LimnRaster) from = raster;
  LimnRaster *to;
  const Turn *turn;

  if (orientation <= UPRIGHT || orientation >= (int) G_N_ELEMENTS (turns))
    return g_steal_pointer (&from);

  turn = &turns[orientation];
  to = limn_raster_new (turn->swap ? from->height : from->width, turn->swap ? from->width : from->height,
                        from->channels, from->depth);
  for (int y = 0; to != NULL && y < to->height; y++)
    turn_row (from, to, turn, y);

  return to;
}

static void
flatten_8 (LimnRaster *raster)
{
  gsize         n = (gsize) raster->width * raster->height;
  const guint8 *from = raster->data;
  guint8       *to = raster->data;

  for (gsize i = 0; i < n; i++, from += 4, to += 3)
    {
      guint opacity = from[3];

      for (int c = 0; c < 3; c++)
        to[c] = opacity == 255 ? from[c] : (from[c] * opacity + 255 * (255 - opacity) + 127) / 255;
    }
}

static void
flatten_16 (LimnRaster *raster)
{
  gsize          n = (gsize) raster->width * raster->height;
  const guint16 *from = (const guint16 *) raster->data;
  guint16       *to = (guint16 *) raster->data;

  for (gsize i = 0; i < n; i++, from += 4, to += 3)
    {
      guint64 opacity = from[3];

      for (int c = 0; c < 3; c++)
        to[c] = (from[c] * opacity + 65535 * (65535 - opacity) + 32767) / 65535;
    }
}

void
limn_raster_flatten (LimnRaster *raster)
{
  if (raster->channels != 4)
    return;

  if (raster->depth == 1)
    flatten_8 (raster);
  else
    flatten_16 (raster);
  raster->channels = 3;
}

void
limn_raster_make_8_bit (LimnRaster *raster)
{
  gsize          n = (gsize) raster->width * raster->height * raster->channels;
  const guint16 *from = (const guint16 *) raster->data;

  if (raster->depth == 1)
    return;
  for (gsize i = 0; i < n; i++)
    raster->data[i] = (from[i] + 128u) / 257;
  raster->depth = 1;
}

/* What a sample of 8 bits stands for: looking up is five times as fast as dividing and mixing with white. */
static void
fill_levels (float *levels)
{
  for (int i = 0; i < 256; i++)
    levels[i] = i / 255.0f;
}

static void
array_from_8 (const LimnRaster *raster,
              LimnArray        *array)
{
  gsize n = (gsize) raster->width * raster->height;
  float levels[256];

  fill_levels (levels);
  for (gsize i = 0; i < n; i++)
    {
      const guint8 *pixel = raster->data + i * raster->channels;
      float        *rgb = array->data + 3 * i;
      float         opacity = raster->channels == 4 ? levels[pixel[3]] : 1;

      for (int c = 0; c < 3; c++)
        rgb[c] = levels[pixel[c]];
      for (int c = 0; opacity < 1 && c < 3; c++)
        rgb[c] = rgb[c] * opacity + (1 - opacity);
    }
}

static void
array_from_16 (const LimnRaster *raster,
               LimnArray        *array)
{
  gsize          n = (gsize) raster->width * raster->height;
  const guint16 *from = (const guint16 *) raster->data;

  for (gsize i = 0; i < n; i++)
    {
      const guint16 *pixel = from + i * raster->channels;
      float          opacity = raster->channels == 4 ? pixel[3] / 65535.0f : 1;

      for (int c = 0; c < 3; c++)
        array->data[3 * i + c] = pixel[c] / 65535.0f * opacity + (1 - opacity);
    }
}

LimnArray *
limn_raster_to_array (const LimnRaster *raster)
{
  LimnArray *array = limn_array_new ((LimnShape){ 1, raster->height, raster->width, 3 });

  if (raster->depth == 1)
    array_from_8 (raster, array);
  else
    array_from_16 (raster, array);
  return array;
}

/* NaN becomes 0 */
static inline guint
to_level (float value,
          guint most)
{
  if (!(value > 0))
    return 0;
  return value >= 1 ? most : (guint) (value * most + 0.5f);
}

LimnRaster *
limn_raster_from_array (const LimnArray *pixels,
                        int              depth)
{
  gsize       n = limn_shape_elements (pixels->shape);
  LimnRaster *raster = limn_raster_new (pixels->shape.w, pixels->shape.h, 3, depth);

  for (gsize i = 0; raster != NULL && i < n; i++)
    if (depth == 1)
      raster->data[i] = to_level (pixels->data[i], 255);
    else
      ((guint16 *) raster->data)[i] = to_level (pixels->data[i], 65535);

  return raster;
}
