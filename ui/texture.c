/* Textures from picture files and from the engine's arrays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/texture.h"

#include "app/library/thumbnail.h"
#include "app/picture-file.h"

/* Whatever the file is, in the colours of sRGB. */
GdkTexture *
limn_texture_new_from_file (GBytes  *file,
                            GError **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_read_small (file, "picture", G_MAXINT, error);
  g_autoptr (GBytes) bytes = NULL;
  LimnRaster *raster = picture != NULL ? picture->raster : NULL;

  if (raster == NULL)
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&raster->data), limn_raster_stride (raster) * raster->height);
  return gdk_memory_texture_new (raster->width, raster->height, GDK_MEMORY_R8G8B8, bytes, limn_raster_stride (raster));
}

GdkTexture *
limn_texture_new_tile (GBytes  *file,
                       int      size,
                       double   radius,
                       GError **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_read_small (file, "picture", size, error);
  g_autoptr (GBytes) bytes = NULL;
  int width, height;

  if (picture == NULL)
    return NULL;
  bytes = limn_thumbnail_tile (picture->raster, size, radius, &width, &height);
  if (bytes != NULL)
    return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, (gsize) 4 * width);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "there is not enough memory");
  return NULL;
}

GdkTexture *
limn_texture_new_from_array (const LimnArray *pixels)
{
  int     width = pixels->shape.w, height = pixels->shape.h;
  gsize   n = (gsize) width * height * 3;
  guint8 *data = g_malloc (n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, n);

  for (gsize i = 0; i < n; i++)
    data[i] = (guint8) (CLAMP (pixels->data[i], 0, 1) * 255 + 0.5f);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) width * 3);
}
