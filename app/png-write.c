/* Writes PNG files: 8 bits of red, green and blue, with texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-file.h"

#include <string.h>

#include "app/png-guard.h"

/* All that a write owns, so that a jump out of libpng loses nothing. */
typedef struct
{
  png_structp      png;
  png_infop        info;
  GByteArray      *out;
  guint8          *row;
  const LimnArray *pixels;
  const GPtrArray *texts;
  png_text        *entries;
  char           **latin1; /* %NULL where the text goes out as UTF-8 */
  GError          *error;
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
  g_free (writer->row);
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

static inline guint8
to_byte (float value)
{
  if (!(value > 0))
    return 0;
  return value >= 1 ? 255 : (guint8) (value * 255 + 0.5f);
}

static void
write_all (png_structp png,
           gpointer    data)
{
  Writer   *writer = data;
  LimnShape shape = writer->pixels->shape;

  png_set_IHDR (png, writer->info, shape.w, shape.h, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB (png, writer->info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (writer->entries != NULL)
    png_set_text (png, writer->info, writer->entries, writer->texts->len);
  png_write_info (png, writer->info);

  for (int y = 0; y < shape.h; y++)
    {
      const float *from = writer->pixels->data + (gsize) y * shape.w * 3;

      for (gsize i = 0; i < (gsize) shape.w * 3; i++)
        writer->row[i] = to_byte (from[i]);
      png_write_row (png, writer->row);
    }

  png_write_end (png, writer->info);
}

GBytes *
limn_picture_encode_png (const LimnArray *pixels,
                         const GPtrArray *texts,
                         GError         **error)
{
  g_auto (Writer) writer = { .pixels = pixels, .texts = texts };

  g_return_val_if_fail (pixels->shape.n == 1 && pixels->shape.c == 3, NULL);

  writer.out = g_byte_array_new ();
  writer.row = g_new (guint8, (gsize) pixels->shape.w * 3);
  if (texts != NULL)
    prepare_texts (&writer);

  writer.png = limn_png_guard_writer (&writer.error);
  writer.info = writer.png ? png_create_info_struct (writer.png) : NULL;
  if (writer.info != NULL)
    png_set_write_fn (writer.png, &writer, put_bytes, flush);

  if (writer.info == NULL || !limn_png_try (writer.png, write_all, &writer))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
                   "the picture cannot be made a PNG: %s",
                   writer.error ? writer.error->message : "out of memory");
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&writer.out));
}
