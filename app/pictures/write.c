/* Writes pictures: the table of what is written, and what all of them need.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/encoding.h"

#include <string.h>

#include "app/number.h"
#include "app/pictures/exif.h"
#include "app/safe-file.h"
#include "app/xmp.h"

/**
 * LimnPictureWriter:
 * @endings: of names, between spaces
 * @quality: if none is asked for; 0: there is no loss
 * @lossless: whether it can be had without loss
 * @deep: whether it has 16 bits
 * @encode: %NULL where Limn was built without it
 */
typedef struct
{
  const char    *name, *endings;
  int            quality;
  gboolean       lossless, deep;
  LimnEncodeFunc encode;
} LimnPictureWriter;

#ifdef LIMN_HAVE_HEIF
#define ENCODE_AVIF limn_avif_encode
#else
#define ENCODE_AVIF NULL
#endif

static const LimnPictureWriter writers[] = {
  { "PNG", " png ", 0, TRUE, TRUE, limn_png_encode },
  { "JPEG", " jpg jpeg jpe jfif ", 92, FALSE, FALSE, limn_jpeg_encode },
  { "WebP", " webp ", 90, TRUE, FALSE, limn_webp_encode },
  { "AVIF", " avif ", 80, TRUE, FALSE, ENCODE_AVIF },
};

/* Endings of pictures that are not written: the name would lie. */
static const char *const other_endings[] = { "jxl", "gif", "tif", "tiff", "bmp", "heic", "heif", NULL };

static const LimnPictureWriter *
find_writer (const char *format)
{
  for (gsize i = 0; i < G_N_ELEMENTS (writers); i++)
    if (g_str_equal (writers[i].name, format))
      return &writers[i];

  return NULL;
}

static const LimnPictureWriter *
writer_of_ending (const char *ending)
{
  g_autofree char *word = g_strdup_printf (" %s ", ending);

  for (gsize i = 0; i < G_N_ELEMENTS (writers); i++)
    if (strstr (writers[i].endings, word) != NULL)
      return &writers[i];

  return NULL;
}

/* Returns: (nullable): %NULL with an error */
static const LimnPictureWriter *
choose_writer (const char *path,
               GError    **error)
{
  g_autofree char         *base = path ? g_path_get_basename (path) : NULL;
  const char              *dot = base ? strrchr (base, '.') : NULL;
  g_autofree char         *ending = dot ? g_ascii_strdown (dot + 1, -1) : g_strdup ("png");
  const LimnPictureWriter *writer = writer_of_ending (ending);

  if (writer == NULL && !g_strv_contains (other_endings, ending))
    return &writers[0];
  if (writer != NULL && writer->encode != NULL)
    return writer;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
               "%s: this Limn does not write %s: let the name end in .png, .jpg or .webp", path, ending);
  return NULL;
}

static gboolean
set_quality (LimnPictureOutput       *output,
             const LimnPictureWriter *writer,
             const char              *text,
             GError                 **error)
{
  gint64 value = writer->quality;

  output->lossless = writer->quality == 0 || g_strcmp0 (text, "lossless") == 0;
  output->quality = writer->quality;
  if (text == NULL || (output->lossless && writer->lossless && g_str_equal (text, "lossless")))
    return TRUE;

  if (output->lossless || !limn_number_parse_integer (text, &value) || value < 1 || value > 100)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--quality %s: %s has %s%s%s", text, writer->name,
                   writer->quality > 0 ? "1 to 100" : "", writer->quality > 0 && writer->lossless ? " or " : "",
                   writer->lossless ? "lossless" : "");
      return FALSE;
    }

  output->quality = value;
  return TRUE;
}

gboolean
limn_picture_output_init (LimnPictureOutput *output,
                          const char        *path,
                          const char        *quality,
                          const char        *bits,
                          GError           **error)
{
  const LimnPictureWriter *writer = choose_writer (path, error);

  *output = (LimnPictureOutput){ .depth = 8 };
  if (writer == NULL)
    return FALSE;

  output->format = writer->name;
  output->depth = g_strcmp0 (bits, "16") == 0 ? 16 : 8;
  if ((bits != NULL && output->depth == 8 && !g_str_equal (bits, "8")) || (output->depth == 16 && !writer->deep))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--bits %s: %s has 8%s", bits, writer->name, writer->deep ? " or 16" : "");
      return FALSE;
    }

  return set_quality (output, writer, quality, error);
}

/* Where there are no texts, our own settings go into the packet; see docs/pictures.md. */
static char *
make_xmp (const GPtrArray *texts)
{
  const char *packet = limn_picture_texts_find (texts, LIMN_PICTURE_XMP);
  const char *own = limn_picture_texts_find (texts, "limn");

  if (packet == NULL || own == NULL)
    return g_strdup (packet);
  return limn_xmp_add (packet, LIMN_XMP_REQUEST, LIMN_XMP_NAMESPACE, own);
}

GBytes *
limn_picture_encode (const LimnRaster        *raster,
                     GBytes                  *icc,
                     const GPtrArray         *texts,
                     const LimnPictureOutput *output,
                     GError                 **error)
{
  const LimnPictureWriter *writer = find_writer (output->format);
  g_autoptr (GBytes) exif = texts ? limn_exif_write (texts) : NULL;
  g_autofree char *xmp = texts ? make_xmp (texts) : NULL;
  LimnEncoding     encoding = { .raster = raster, .icc = icc, .texts = texts, .exif = exif, .xmp = xmp, .how = output };
  g_autoptr (GError) why = NULL;
  GBytes *bytes;

  g_return_val_if_fail (writer != NULL && writer->encode != NULL, NULL);

  bytes = writer->encode (&encoding, &why);
  if (bytes == NULL)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "the picture cannot be made a %s: %s", writer->name, why->message);
  return bytes;
}

GBytes *
limn_picture_encode_pixels (const LimnArray         *pixels,
                            const GPtrArray         *texts,
                            const LimnPictureOutput *output,
                            GError                 **error)
{
  g_autoptr (LimnRaster) raster = NULL;

  g_return_val_if_fail (pixels->shape.n == 1 && pixels->shape.c == 3, NULL);

  raster = limn_raster_from_array (pixels, output->depth / 8);
  if (raster == NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "the picture cannot be written: there is not enough memory");
      return NULL;
    }

  return limn_picture_encode (raster, NULL, texts, output, error);
}

GBytes *
limn_picture_encode_png (const LimnArray *pixels,
                         const GPtrArray *texts,
                         GError         **error)
{
  const LimnPictureOutput output = { .format = "PNG", .lossless = TRUE, .depth = 8 };

  return limn_picture_encode_pixels (pixels, texts, &output, error);
}

gboolean
limn_picture_file_write (const char      *path,
                         const LimnArray *pixels,
                         const GPtrArray *texts,
                         gboolean         replace,
                         GError         **error)
{
  g_autoptr (GBytes) png = limn_picture_encode_png (pixels, texts, error);

  return png != NULL && limn_safe_file_write (path, png, replace, error);
}

LimnRaster *
limn_encoding_raster_8 (const LimnRaster *raster,
                        gboolean          opaque)
{
  LimnRaster *copy = limn_raster_new (raster->width, raster->height, raster->channels, raster->depth);

  if (copy == NULL)
    return NULL;
  memcpy (copy->data, raster->data, limn_raster_stride (raster) * raster->height);
  limn_raster_make_8_bit (copy);
  if (opaque)
    limn_raster_flatten (copy);
  return copy;
}
