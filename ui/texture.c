/* Textures from picture files and from the engine's arrays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/texture.h"

#include <webp/decode.h>

static GdkTexture *
from_webp (gconstpointer data,
           gsize         size)
{
  int     width, height;
  guint8 *pixels = WebPDecodeRGB (data, size, &width, &height);
  g_autoptr (GBytes) bytes = NULL;

  if (pixels == NULL)
    return NULL;
  bytes = g_bytes_new_with_free_func (pixels, (gsize) width * height * 3, WebPFree, pixels);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) width * 3);
}

GdkTexture *
limn_texture_new_from_file (GBytes  *file,
                            GError **error)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (file, &size);
  GdkTexture   *texture = from_webp (data, size);

  return texture != NULL ? texture : gdk_texture_new_from_bytes (file, error);
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
