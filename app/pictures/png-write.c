/* Encodes PNG: 8 or 16 bits, texts, colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/encoding.h"

#include <string.h>

#include "app/pictures/png-guard.h"

/* All that a write owns, so that a jump out of libpng loses nothing. */
typedef struct
{
  png_structp         png;
  png_infop           info;
  GByteArray         *out;
  const LimnEncoding *encoding;
  const GPtrArray    *texts;
  png_text           *entries;
  char              **latin1; /* %NULL where the text goes out as UTF-8 */
  GError             *error;
} Writer;

static void
writer_clear (Writer *writer)
{
  if (writer->png != NULL)
    png_destroy_write_struct (&writer->png, &writer->info);
  g_clear_pointer (&writer->out, g_byte_array_unref);
  for (guint i = 0; writer->latin1 != NULL && i < writer->texts->len; i++)
    g_free (writer->latin1[i]);
  g_free (writer->latin1);
  g_free (writer->entries);
  g_clear_error (&writer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static void
put_bytes (png_structp png,
           png_bytep   data,
           png_size_t  size)
{
  Writer *writer = png_get_io_ptr (png);

  if (size > G_MAXUINT / 2 - writer->out->len)
    png_error (png, "the file would have more than 2 GB");
  g_byte_array_append (writer->out, data, size);
}

static void
flush (png_structp png)
{
}

/**
 * to_latin1:
 *
 * Many programs write UTF-8 into tEXt, so readers (ours too) try UTF-8 first. A Latin-1 text that happens to be valid UTF-8 would be
 * misread and must go out as iTXt.
 *
 * Returns: (nullable) (transfer full): @text in Latin-1, or %NULL if it has to be iTXt
 */
static char *
to_latin1 (const char *text)
{
  gsize            size = 0;
  g_autofree char *bytes = g_convert (text, -1, "ISO-8859-1", "UTF-8", NULL, &size, NULL);

  if (bytes == NULL)
    return NULL;
  if (!g_str_is_ascii (text) && g_utf8_validate (bytes, size, NULL))
    return NULL;

  return g_steal_pointer (&bytes);
}

static void
prepare_texts (Writer *writer)
{
  writer->entries = g_new0 (png_text, writer->texts->len);
  writer->latin1 = g_new0 (char *, writer->texts->len);

  for (guint i = 0; i < writer->texts->len; i++)
    {
      const LimnPictureText *text = writer->texts->pdata[i];
      png_text              *entry = &writer->entries[i];

      if (!text->unicode)
        writer->latin1[i] = to_latin1 (text->text);
      entry->compression = writer->latin1[i] ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
      entry->key = text->keyword;
      entry->text = writer->latin1[i] ? writer->latin1[i] : text->text;
      entry->text_length = strlen (entry->text);
    }
}

static void
write_head (const Writer *writer)
{
  const LimnRaster *raster = writer->encoding->raster;
  GBytes           *icc = writer->encoding->icc;

  png_set_IHDR (writer->png, writer->info, raster->width, raster->height, raster->depth * 8,
                raster->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (icc == NULL)
    png_set_sRGB (writer->png, writer->info, PNG_sRGB_INTENT_PERCEPTUAL);
  else
    png_set_iCCP (writer->png, writer->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, g_bytes_get_data (icc, NULL), g_bytes_get_size (icc));
  if (writer->entries != NULL)
    png_set_text (writer->png, writer->info, writer->entries, writer->texts->len);
  png_write_info (writer->png, writer->info);
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (writer->png);
}

static void
write_all (png_structp png,
           gpointer    data)
{
  Writer           *writer = data;
  const LimnRaster *raster = writer->encoding->raster;

  write_head (writer);
  for (int y = 0; y < raster->height; y++)
    png_write_row (png, raster->data + y * limn_raster_stride (raster));
  png_write_end (png, writer->info);
}

GBytes *
limn_png_encode (const LimnEncoding *encoding,
                 GError            **error)
{
  g_auto (Writer) writer = { .encoding = encoding, .texts = encoding->texts };

  writer.out = g_byte_array_new ();
  if (writer.texts != NULL)
    prepare_texts (&writer);

  writer.png = limn_png_guard_writer (&writer.error);
  writer.info = writer.png ? png_create_info_struct (writer.png) : NULL;
  if (writer.info != NULL)
    png_set_write_fn (writer.png, &writer, put_bytes, flush);

  if (writer.info == NULL || !limn_png_try (writer.png, write_all, &writer))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s", writer.error ? writer.error->message : "out of memory");
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&writer.out));
}
