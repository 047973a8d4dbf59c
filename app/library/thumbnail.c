/* Thumbnails: pictures made small and packed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/thumbnail.h"

#include <math.h>
#include <webp/encode.h>

#define QUALITY 78
#define METHOD 0 /* a method of more effort takes twice the time for a tenth of the bytes */

/* Where a target position reads from: @count source positions from @first on, and their weights, which sum to one. */
typedef struct
{
  int    first, count;
  float *weights;
} Tap;

typedef struct
{
  Tap   *taps;
  float *weights;
} Taps;

static void
taps_clear (Taps *taps)
{
  g_free (taps->taps);
  g_free (taps->weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taps, taps_clear)

static double
catmull_rom (double x)
{
  x = fabs (x);
  if (x < 1)
    return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2)
    return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

static void
fill_tap (Tap   *tap,
          double centre,
          double scale,
          int    source)
{
  double sum = 0;
  int    last = MIN (source - 1, (int) floor (centre + 2 * scale));

  tap->first = MAX (0, (int) ceil (centre - 2 * scale));
  tap->count = last - tap->first + 1;
  for (int i = 0; i < tap->count; i++)
    sum += tap->weights[i] = catmull_rom ((tap->first + i - centre) / scale);
  for (int i = 0; i < tap->count; i++)
    tap->weights[i] /= sum;
}

static void
taps_init (Taps *taps,
           int   source,
           int   target)
{
  double scale = (double) source / target;
  int    most = (int) ceil (4 * scale) + 2;

  taps->taps = g_new (Tap, target);
  taps->weights = g_new (float, (gsize) target *most);
  for (int i = 0; i < target; i++)
    {
      taps->taps[i].weights = taps->weights + (gsize) i * most;
      fill_tap (&taps->taps[i], (i + 0.5) * scale - 0.5, scale, source);
    }
}

/* One row of the source's width from several rows of it. */
static void
mix_rows (const LimnArray *pixels,
          const Tap       *tap,
          float           *row)
{
  gsize n = (gsize) pixels->shape.w * 3;

  memset (row, 0, n * sizeof *row);
  for (int i = 0; i < tap->count; i++)
    {
      const float *source = pixels->data + (gsize) (tap->first + i) * n;
      float        weight = tap->weights[i];

#pragma omp simd
      for (gsize x = 0; x < n; x++)
        row[x] += weight * source[x];
    }
}

static guint8
to_byte (float value)
{
  return CLAMP (value, 0.0f, 1.0f) * 255 + 0.5f;
}

static void
mix_columns (const float *row,
             const Taps  *taps,
             int          width,
             guint8      *target)
{
  for (int x = 0; x < width; x++)
    {
      const Tap   *tap = &taps->taps[x];
      const float *source = row + (gsize) tap->first * 3;
      float        red = 0, green = 0, blue = 0;

      for (int i = 0; i < tap->count; i++)
        {
          red += tap->weights[i] * source[3 * i];
          green += tap->weights[i] * source[3 * i + 1];
          blue += tap->weights[i] * source[3 * i + 2];
        }
      target[3 * x] = to_byte (red);
      target[3 * x + 1] = to_byte (green);
      target[3 * x + 2] = to_byte (blue);
    }
}

static guint8 *
scale (const LimnArray *pixels,
       int              width,
       int              height)
{
  g_auto (Taps) across = { 0 };
  g_auto (Taps) down = { 0 };
  g_autofree float *row = g_new (float, (gsize) pixels->shape.w * 3);
  guint8           *result = g_new (guint8, (gsize) width * height * 3);

  taps_init (&across, pixels->shape.w, width);
  taps_init (&down, pixels->shape.h, height);
  for (int y = 0; y < height; y++)
    {
      mix_rows (pixels, &down.taps[y], row);
      mix_columns (row, &across, width, result + (gsize) y * width * 3);
    }

  return result;
}

static gboolean
encode (const guint8     *rgb,
        WebPPicture      *picture,
        WebPMemoryWriter *writer)
{
  WebPConfig config;

  if (!WebPConfigPreset (&config, WEBP_PRESET_PHOTO, QUALITY))
    return FALSE;

  config.method = METHOD;
  picture->writer = WebPMemoryWrite;
  picture->custom_ptr = writer;
  return WebPPictureImportRGB (picture, rgb, picture->width * 3) && WebPEncode (&config, picture);
}

static GBytes *
pack (const guint8 *rgb,
      int           width,
      int           height,
      GError      **error)
{
  WebPPicture      picture;
  WebPMemoryWriter writer;
  GBytes          *bytes = NULL;

  if (!WebPPictureInit (&picture))
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "thumbnail: this libwebp is not the one Limn was built for: install Limn again");
      return NULL;
    }

  WebPMemoryWriterInit (&writer);
  picture.width = width;
  picture.height = height;
  if (encode (rgb, &picture, &writer))
    bytes = g_bytes_new (writer.mem, writer.size);
  else
    g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "thumbnail: libwebp could not pack it (error %d): close other programs to free memory",
                 (int) picture.error_code);

  WebPMemoryWriterClear (&writer);
  WebPPictureFree (&picture);
  return bytes;
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

GBytes *
limn_thumbnail_make (const LimnArray *pixels,
                     int              size,
                     GError         **error)
{
  int                width = pixels->shape.w, height = pixels->shape.h;
  g_autofree guint8 *rgb = NULL;

  limn_thumbnail_fit (&width, &height, size);
  rgb = scale (pixels, width, height);
  return pack (rgb, width, height, error);
}
