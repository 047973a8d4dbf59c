/* What a decoder of one kind of picture gives; the same for all of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/decoded.h"

#include "app/picture-file.h"

#define MAX_PASSED_PIXELS ((gint64) 1024 * 1024 * 1024)

void
limn_decoded_init (LimnDecoded *decoded)
{
  *decoded = (LimnDecoded){ .orientation = 1 };
  decoded->texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
}

void
limn_decoded_clear (LimnDecoded *decoded)
{
  g_clear_pointer (&decoded->raster, limn_raster_free);
  g_clear_pointer (&decoded->icc, g_bytes_unref);
  g_clear_pointer (&decoded->exif, g_bytes_unref);
  g_clear_pointer (&decoded->xmp, g_bytes_unref);
  g_clear_pointer (&decoded->texts, g_ptr_array_unref);
  g_clear_error (&decoded->error);
}

gboolean
limn_decoded_fail (LimnDecoded *decoded,
                   const char  *format,
                   ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (decoded->error == NULL)
    decoded->error = g_error_new_valist (LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, format, arguments);
  va_end (arguments);
  g_strdelimit (decoded->error->message, "\n", ' '); /* libraries' messages may have several lines */
  return FALSE;
}

gboolean
limn_decoded_check_size (LimnDecoded *decoded,
                         gint64       width,
                         gint64       height,
                         gboolean     pixels)
{
  if (width <= 0 || height <= 0 || width > LIMN_PICTURE_MAX_SIDE || height > LIMN_PICTURE_MAX_SIDE)
    return limn_decoded_fail (decoded, "it says to be %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT, width, height);
  if (pixels && (gsize) (width * height) > LIMN_PICTURE_MAX_PIXELS)
    return limn_decoded_fail (decoded, "it has more than 64 megapixels");
  if (width * height > MAX_PASSED_PIXELS)
    return limn_decoded_fail (decoded, "it has more than 1024 megapixels");

  decoded->width = width;
  decoded->height = height;
  return TRUE;
}

gboolean
limn_decoded_make_raster (LimnDecoded *decoded,
                          int          width,
                          int          height,
                          int          channels,
                          int          depth)
{
  g_clear_pointer (&decoded->raster, limn_raster_free);
  decoded->raster = limn_raster_new (width, height, channels, depth);
  return decoded->raster != NULL || limn_decoded_fail (decoded, "there is not enough memory for it");
}
