/* Pictures in files: texts, and what kind of file it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

LimnPictureText *
limn_picture_text_new (const char *keyword,
                       const char *text,
                       gboolean    unicode)
{
  LimnPictureText *result = g_new (LimnPictureText, 1);

  *result = (LimnPictureText){ .keyword = g_strdup (keyword), .text = g_strdup (text), .unicode = unicode };
  return result;
}

void
limn_picture_text_free (LimnPictureText *text)
{
  g_free (text->keyword);
  g_free (text->text);
  g_free (text);
}

const char *
limn_picture_texts_find (const GPtrArray *texts,
                         const char      *keyword)
{
  for (guint i = 0; i < texts->len; i++)
    {
      const LimnPictureText *text = texts->pdata[i];

      if (g_str_equal (text->keyword, keyword))
        return text->text;
    }

  return NULL;
}

void
limn_picture_free (LimnPicture *picture)
{
  g_clear_pointer (&picture->pixels, limn_array_free);
  g_clear_pointer (&picture->raster, limn_raster_free);
  g_clear_pointer (&picture->icc, g_bytes_unref);
  g_clear_pointer (&picture->texts, g_ptr_array_unref);
  g_free (picture);
}

/* @at: where the signature is found in the file */
static const struct
{
  const char *name;
  gsize       at, length;
  const char *bytes;
} signatures[] = {
  { "PNG", 0, 8, "\x89PNG\r\n\x1a\n" },
  { "JPEG", 0, 3, "\xff\xd8\xff" },
  { "WebP", 8, 4, "WEBP" },
  { "AVIF", 4, 8, "ftypavif" },
  { "AVIF", 4, 8, "ftypavis" },
  { "HEIF", 4, 7, "ftyphei" },
  { "HEIF", 4, 7, "ftyphev" },
  { "HEIF", 4, 8, "ftypmif1" },
  { "HEIF", 4, 8, "ftypmsf1" },
  { "JPEG XL", 0, 2, "\xff\x0a" },
  { "JPEG XL", 4, 4, "JXL " },
  { "GIF", 0, 4, "GIF8" },
  { "TIFF", 0, 4, "II*\0" },
  { "TIFF", 0, 4, "MM\0*" },
  { "BMP", 0, 2, "BM" },
};

const char *
limn_picture_recognise (gconstpointer head,
                        gsize         size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (size >= signatures[i].at + signatures[i].length
        && memcmp ((const char *) head + signatures[i].at, signatures[i].bytes, signatures[i].length) == 0)
      return signatures[i].name;

  return NULL;
}

const char *
limn_picture_file_recognise (const char *path)
{
  char        head[16] = { 0 };
  int         file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;
  ssize_t     size = -1;

  if (file < 0)
    return NULL;
  if (fstat (file, &status) == 0 && S_ISREG (status.st_mode))
    size = read (file, head, sizeof head);
  close (file);

  return size > 0 ? limn_picture_recognise (head, size) : NULL;
}
