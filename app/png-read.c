/* Reads PNG files: pixels and texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-file.h"

#include <string.h>

#include "app/png-guard.h"
#include "app/safe-file.h"

#define MAX_FILE_BYTES ((gsize) 512 * 1024 * 1024)
#define MAX_PIXELS ((gsize) 64 * 1024 * 1024)
#define MAX_PASSED_PIXELS ((gsize) 1024 * 1024 * 1024)

/* All that a read owns, so that a jump out of libpng loses nothing. */
typedef struct
{
  GBytes         *file;
  gsize           at;
  LimnPicturePart part;
  png_structp     png;
  png_infop       info, end;
  guint8         *rgba;
  png_bytep      *rows;
  guint           width, height;
  GError         *error;
} Reader;

static void
reader_clear (Reader *reader)
{
  if (reader->png != NULL)
    png_destroy_read_struct (&reader->png, &reader->info, &reader->end);
  g_clear_pointer (&reader->file, g_bytes_unref);
  g_free (reader->rgba);
  g_free (reader->rows);
  g_clear_error (&reader->error);
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

/* Whatever is in the file, 8 bits of red, green, blue and opacity come out. */
static void
set_transforms (png_structp png)
{
  png_set_expand (png);
  png_set_scale_16 (png);
  png_set_gray_to_rgb (png);
  png_set_add_alpha (png, 0xff, PNG_FILLER_AFTER);
  png_set_interlace_handling (png);
}

static void
read_pixels (Reader *reader)
{
  png_structp png = reader->png;

  if ((gsize) reader->width * reader->height > MAX_PIXELS)
    png_error (png, "it has more than 64 megapixels");

  set_transforms (png);
  png_read_update_info (png, reader->info);
  if (png_get_rowbytes (png, reader->info) != (gsize) reader->width * 4)
    png_error (png, "its kind of pixels is not known");

  reader->rgba = g_try_malloc_n ((gsize) reader->width * reader->height, 4);
  reader->rows = g_try_new (png_bytep, reader->height);
  if (reader->rgba == NULL || reader->rows == NULL)
    png_error (png, "there is not enough memory for it");
  for (guint y = 0; y < reader->height; y++)
    reader->rows[y] = reader->rgba + (gsize) y * reader->width * 4;
  png_read_image (png, reader->rows);
}

/* To come to the texts behind the pixels, libpng has to read these; one row is kept. */
static void
pass_pixels (Reader *reader)
{
  png_structp png = reader->png;
  int         passes = png_set_interlace_handling (png);

  if ((gsize) reader->width * reader->height > MAX_PASSED_PIXELS)
    png_error (png, "it has more than 1024 megapixels");

  png_read_update_info (png, reader->info);
  reader->rgba = g_try_malloc0 (png_get_rowbytes (png, reader->info));
  if (reader->rgba == NULL)
    png_error (png, "there is not enough memory for it");
  for (gsize row = 0; row < (gsize) passes * reader->height; row++)
    png_read_row (png, reader->rgba, NULL);
}

static void
read_all (png_structp png,
          gpointer    data)
{
  Reader *reader = data;

  png_read_info (png, reader->info);
  reader->width = png_get_image_width (png, reader->info);
  reader->height = png_get_image_height (png, reader->info);
  if (reader->part == LIMN_PICTURE_PIXELS)
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

/* What a byte stands for. Most pictures are opaque, and looking up is five times as fast as mixing with white. */
static void
fill_levels (float *levels)
{
  for (int i = 0; i < 256; i++)
    levels[i] = i / 255.0f;
}

static LimnArray *
to_array (const Reader *reader)
{
  LimnArray *array = limn_array_new ((LimnShape){ 1, reader->height, reader->width, 3 });
  gsize      pixels = limn_shape_positions (array->shape);
  float      levels[256];

  fill_levels (levels);
  for (gsize i = 0; i < pixels; i++)
    {
      const guint8 *rgba = reader->rgba + 4 * i;
      float        *rgb = array->data + 3 * i;
      float         opacity = levels[rgba[3]];

      rgb[0] = levels[rgba[0]];
      rgb[1] = levels[rgba[1]];
      rgb[2] = levels[rgba[2]];
      for (int c = 0; rgba[3] != 255 && c < 3; c++)
        rgb[c] = rgb[c] * opacity + (1 - opacity);
    }

  return array;
}

static gboolean
start (Reader *reader)
{
  reader->png = limn_png_guard_reader (&reader->error);
  if (reader->png == NULL)
    return FALSE;

  reader->info = png_create_info_struct (reader->png);
  reader->end = png_create_info_struct (reader->png);
  png_set_read_fn (reader->png, reader, take_bytes);
  return reader->info != NULL && reader->end != NULL;
}

LimnPicture *
limn_picture_read (GBytes         *bytes,
                   const char     *name,
                   LimnPicturePart part,
                   GError        **error)
{
  g_auto (Reader) reader = { .part = part, .file = g_bytes_ref (bytes) };
  g_autoptr (LimnPicture) picture = NULL;
  const char *kind = limn_picture_recognise (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  if (g_strcmp0 (kind, "PNG") != 0)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
                   "%s: is %s: only PNG pictures are read yet, save it as PNG", name,
                   kind ? kind : "no picture");
      return NULL;
    }
  if (!start (&reader) || !limn_png_try (reader.png, read_all, &reader))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
                   "%s: is a damaged PNG: %s: get it again", name,
                   reader.error ? reader.error->message : "out of memory");
      return NULL;
    }

  picture = g_new0 (LimnPicture, 1);
  picture->width = reader.width;
  picture->height = reader.height;
  picture->texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  collect_texts (picture->texts, reader.png, reader.info);
  collect_texts (picture->texts, reader.png, reader.end);
  if (part == LIMN_PICTURE_PIXELS)
    picture->pixels = to_array (&reader);

  return g_steal_pointer (&picture);
}

LimnPicture *
limn_picture_file_read (const char     *path,
                        LimnPicturePart part,
                        GError        **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GBytes) bytes = limn_safe_file_read (path, MAX_FILE_BYTES, error);

  return bytes != NULL ? limn_picture_read (bytes, shown, part, error) : NULL;
}
