/* Decodes TIFF by libtiff: any kind to 8 bits, plain colours of 16 bits as such; XMP, EXIF and colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/decoded.h"

#include <string.h>

#include <tiffio.h>

#include "app/picture-file.h"

#define MAX_ALLOCATION ((tmsize_t) 1024 * 1024 * 1024)

typedef struct
{
  GBytes      *file;
  gsize        at;
  LimnDecoded *decoded;
} Source;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFF, TIFFClose)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFFOpenOptions, TIFFOpenOptionsFree)

static tmsize_t
on_read (thandle_t handle,
         void     *to,
         tmsize_t  size)
{
  Source *source = handle;
  gsize   left = g_bytes_get_size (source->file) - source->at;
  gsize   n = MIN ((gsize) MAX (size, 0), left);

  memcpy (to, (const guint8 *) g_bytes_get_data (source->file, NULL) + source->at, n);
  source->at += n;
  return n;
}

static tmsize_t
on_write (thandle_t handle,
          void     *from,
          tmsize_t  size)
{
  return 0;
}

static toff_t
on_seek (thandle_t handle,
         toff_t    to,
         int       whence)
{
  Source *source = handle;
  gsize   size = g_bytes_get_size (source->file);
  toff_t  base = whence == SEEK_CUR ? source->at : whence == SEEK_END ? size
                                                                      : 0;

  source->at = MIN (base + to, size);
  return source->at;
}

static int
on_close (thandle_t handle)
{
  return 0;
}

static toff_t
on_size (thandle_t handle)
{
  return g_bytes_get_size (((Source *) handle)->file);
}

static int
on_error (TIFF       *tiff,
          void       *data,
          const char *module,
          const char *format,
          va_list     arguments)
{
  LimnDecoded     *decoded = data;
  g_autofree char *why = g_strdup_vprintf (format, arguments);

  limn_decoded_fail (decoded, "%s", why);
  return 1;
}

static int
on_warning (TIFF       *tiff,
            void       *data,
            const char *module,
            const char *format,
            va_list     arguments)
{
  return 1;
}

static GBytes *
read_block (TIFF   *tiff,
            guint32 tag)
{
  guint32 size = 0;
  void   *data = NULL;

  return TIFFGetField (tiff, tag, &size, &data) && data != NULL && size <= LIMN_PICTURE_MAX_METADATA
             ? g_bytes_new (data, size)
             : NULL;
}

static guint16
field (TIFF   *tiff,
       guint32 tag)
{
  guint16 value = 0;

  TIFFGetFieldDefaulted (tiff, tag, &value);
  return value;
}

/* Rows of 16-bit red, green, blue, as scans and photographs have them. */
static gboolean
is_plain_16 (TIFF *tiff)
{
  guint16 samples = field (tiff, TIFFTAG_SAMPLESPERPIXEL);

  return field (tiff, TIFFTAG_BITSPERSAMPLE) == 16 && (samples == 3 || samples == 4)
         && field (tiff, TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_RGB && field (tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG
         && field (tiff, TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_UINT && !TIFFIsTiled (tiff);
}

static gboolean
read_16 (TIFF        *tiff,
         LimnDecoded *decoded)
{
  LimnRaster *raster;

  if (!limn_decoded_make_raster (decoded, decoded->width, decoded->height, field (tiff, TIFFTAG_SAMPLESPERPIXEL), 2))
    return FALSE;

  raster = decoded->raster;
  if ((gsize) TIFFScanlineSize64 (tiff) != limn_raster_stride (raster))
    return limn_decoded_fail (decoded, "its rows have another size than its pixels");
  for (int y = 0; y < raster->height; y++)
    if (TIFFReadScanline (tiff, raster->data + y * limn_raster_stride (raster), y, 0) < 0)
      return limn_decoded_fail (decoded, "a row cannot be read");

  decoded->orientation = field (tiff, TIFFTAG_ORIENTATION);
  return TRUE;
}

/* libtiff gives pixels with opacity multiplied in. */
static void
unmultiply (LimnRaster *raster)
{
  gsize n = (gsize) raster->width * raster->height;

  for (gsize i = 0; i < n; i++)
    {
      guint8 *pixel = raster->data + 4 * i;

      for (int c = 0; pixel[3] > 0 && pixel[3] < 255 && c < 3; c++)
        pixel[c] = MIN (255, (pixel[c] * 255 + pixel[3] / 2) / pixel[3]);
    }
}

static gboolean
read_8 (TIFF        *tiff,
        LimnDecoded *decoded)
{
  gsize    n = (gsize) decoded->width * decoded->height;
  guint32 *words;

  if (!limn_decoded_make_raster (decoded, decoded->width, decoded->height, 4, 1))
    return FALSE;

  /* Rows and columns in the order they are stored: what is upright is found out for all formats alike. */
  words = (guint32 *) decoded->raster->data;
  decoded->orientation = field (tiff, TIFFTAG_ORIENTATION);
  TIFFSetField (tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  if (!TIFFReadRGBAImageOriented (tiff, decoded->width, decoded->height, words, ORIENTATION_TOPLEFT, 1))
    return limn_decoded_fail (decoded, "its pixels cannot be read");

  for (gsize i = 0; i < n; i++)
    words[i] = GUINT32_TO_LE (words[i]);
  unmultiply (decoded->raster);
  return TRUE;
}

static TIFF *
open_tiff (Source *source)
{
  g_autoptr (TIFFOpenOptions) options = TIFFOpenOptionsAlloc ();

  TIFFOpenOptionsSetMaxSingleMemAlloc (options, MAX_ALLOCATION);
  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, source->decoded);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_warning, NULL);
  return TIFFClientOpenExt ("picture", "rm", source, on_read, on_write, on_seek, on_close, on_size, NULL, NULL, options);
}

gboolean
limn_tiff_decode (GBytes         *file,
                  const LimnWish *wish,
                  LimnDecoded    *decoded)
{
  Source source = { .file = file, .decoded = decoded };
  g_autoptr (TIFF) tiff = open_tiff (&source);
  guint32 width = 0, height = 0;

  if (tiff == NULL)
    return limn_decoded_fail (decoded, "it has no directory");
  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  if (!limn_decoded_check_size (decoded, width, height, wish->pixels))
    return FALSE;

  decoded->icc = read_block (tiff, TIFFTAG_ICCPROFILE);
  decoded->xmp = read_block (tiff, TIFFTAG_XMLPACKET);
  decoded->exif = g_bytes_ref (file); /* the file is itself what EXIF is made of */
  if (wish->pixels && !(is_plain_16 (tiff) ? read_16 (tiff, decoded) : read_8 (tiff, decoded)))
    return FALSE;

  return decoded->error == NULL;
}
