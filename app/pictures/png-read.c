/* Decodes PNG: pixels of 8 or 16 bits, texts, colour profile, EXIF.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/decoded.h"

#include <string.h>

#include "app/picture-file.h"
#include "app/pictures/png-guard.h"
#include "app/pictures/png-inflate.h"

/* All that a read owns, so that a jump out of libpng loses nothing. */
typedef struct
{
  GBytes         *file;
  gsize           at;
  const LimnWish *wish;
  LimnDecoded    *decoded;
  png_structp     png;
  png_infop       info, end;
  guint8         *row;
  png_bytep      *rows;
} Reader;

static void
reader_clear (Reader *reader)
{
  if (reader->png != NULL)
    png_destroy_read_struct (&reader->png, &reader->info, &reader->end);
  g_clear_pointer (&reader->file, g_bytes_unref);
  g_free (reader->row);
  g_free (reader->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
take_bytes (png_structp png,
            png_bytep   to,
            png_size_t  size)
{
  Reader *reader = png_get_io_ptr (png);

  if (size > g_bytes_get_size (reader->file) - reader->at)
    png_error (png, "the file ends too early");
  memcpy (to, (const guint8 *) g_bytes_get_data (reader->file, NULL) + reader->at, size);
  reader->at += size;
}

/* Whatever is in the file, 8 or 16 bits of red, green, blue and, if there is any, opacity come out. */
static void
set_transforms (png_structp png)
{
  png_set_expand (png);
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (png);
  png_set_gray_to_rgb (png);
  png_set_interlace_handling (png);
}

static void
read_pixels (Reader *reader)
{
  png_structp  png = reader->png;
  LimnDecoded *decoded = reader->decoded;
  LimnRaster  *raster;

  set_transforms (png);
  png_read_update_info (png, reader->info);
  if (!limn_decoded_make_raster (decoded, decoded->width, decoded->height, png_get_channels (png, reader->info),
                                 png_get_bit_depth (png, reader->info) / 8))
    png_error (png, "");

  raster = decoded->raster;
  reader->rows = g_try_new (png_bytep, raster->height);
  if (raster->channels < 3 || png_get_rowbytes (png, reader->info) != limn_raster_stride (raster) || reader->rows == NULL)
    png_error (png, "its kind of pixels is not known");
  for (int y = 0; y < raster->height; y++)
    reader->rows[y] = raster->data + y * limn_raster_stride (raster);
  png_read_image (png, reader->rows);
}

/* To come to the texts behind the pixels, libpng has to read these; one row is kept. */
static void
pass_pixels (Reader *reader)
{
  png_structp png = reader->png;
  int         passes = png_set_interlace_handling (png);

  png_read_update_info (png, reader->info);
  reader->row = g_try_malloc0 (png_get_rowbytes (png, reader->info));
  if (reader->row == NULL)
    png_error (png, "there is not enough memory for it");
  for (gsize row = 0; row < (gsize) passes * png_get_image_height (png, reader->info); row++)
    png_read_row (png, reader->row, NULL);
}

static void
read_all (png_structp png,
          gpointer    data)
{
  Reader *reader = data;

  gboolean there = reader->decoded->raster != NULL;

  png_read_info (png, reader->info);
  if (!there
      && !limn_decoded_check_size (reader->decoded, png_get_image_width (png, reader->info),
                                   png_get_image_height (png, reader->info), reader->wish->pixels))
    png_error (png, "");
  if (reader->wish->pixels && !there)
    read_pixels (reader);
  else
    pass_pixels (reader);
  png_read_end (png, reader->end);
}

static char *
decode_text (const char *bytes,
             gsize       size,
             gboolean    unicode)
{
  if (g_utf8_validate (bytes, size, NULL))
    return g_strndup (bytes, size);
  if (unicode)
    return g_utf8_make_valid (bytes, size);

  return g_convert (bytes, size, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static void
collect_texts (GPtrArray  *texts,
               png_structp png,
               png_infop   info)
{
  png_textp entries = NULL;
  int       n = 0;

  png_get_text (png, info, &entries, &n);
  for (int i = 0; i < n; i++)
    {
      gboolean         unicode = entries[i].compression >= PNG_ITXT_COMPRESSION_NONE;
      gsize            size = unicode ? entries[i].itxt_length : entries[i].text_length;
      g_autofree char *keyword = decode_text (entries[i].key, strlen (entries[i].key), FALSE);
      g_autofree char *text = decode_text (entries[i].text ? entries[i].text : "",
                                           entries[i].text ? size : 0, unicode);

      if (text != NULL && keyword != NULL)
        g_ptr_array_add (texts, limn_picture_text_new (keyword, text, unicode));
    }
}

static void
collect_blocks (LimnDecoded *decoded,
                png_structp  png,
                png_infop    info)
{
  png_charp   name;
  png_bytep   block = NULL;
  png_uint_32 size = 0;
  int         method;

  if (decoded->icc == NULL && png_get_iCCP (png, info, &name, &method, &block, &size) != 0 && block != NULL)
    decoded->icc = g_bytes_new (block, size);
  block = NULL;
  if (decoded->exif == NULL && png_get_eXIf_1 (png, info, &size, &block) != 0 && block != NULL)
    decoded->exif = g_bytes_new (block, size);
}

/* The usual pixels are read by our own loops; libpng gets what is left. */
static gboolean
start (Reader *reader,
       GBytes *file)
{
  LimnDecoded *decoded = reader->decoded;
  g_autoptr (GBytes) rest = NULL;

  decoded->raster = reader->wish->pixels ? limn_png_inflate (file, &rest) : NULL;
  if (decoded->raster != NULL && !limn_decoded_check_size (decoded, decoded->raster->width, decoded->raster->height, TRUE))
    return FALSE;

  reader->file = g_bytes_ref (rest ? rest : file);
  reader->png = limn_png_guard_reader (&decoded->error);
  if (reader->png == NULL)
    return FALSE;

  reader->info = png_create_info_struct (reader->png);
  reader->end = png_create_info_struct (reader->png);
  png_set_read_fn (reader->png, reader, take_bytes);
  return reader->info != NULL && reader->end != NULL;
}

gboolean
limn_png_decode (GBytes         *file,
                 const LimnWish *wish,
                 LimnDecoded    *decoded)
{
  g_auto (Reader) reader = { .wish = wish, .decoded = decoded };

  if (!start (&reader, file) || !limn_png_try (reader.png, read_all, &reader))
    return limn_decoded_fail (decoded, "out of memory");

  collect_texts (decoded->texts, reader.png, reader.info);
  collect_texts (decoded->texts, reader.png, reader.end);
  collect_blocks (decoded, reader.png, reader.info);
  collect_blocks (decoded, reader.png, reader.end);
  return TRUE;
}
