/* Encodes WebP, with loss or without, EXIF, XMP and colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/encoding.h"

#include <string.h>

#include <webp/encode.h>
#include <webp/mux.h>

#define METHOD 4

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebPMux, WebPMuxDelete)

static gboolean
fail (GError    **error,
      const char *why)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, why);
  return FALSE;
}

static gboolean
configure (WebPConfig              *config,
           const LimnPictureOutput *how)
{
  if (!WebPConfigPreset (config, WEBP_PRESET_PHOTO, how->lossless ? 75 : how->quality))
    return FALSE;
  if (how->lossless && !WebPConfigLosslessPreset (config, 6))
    return FALSE;

  config->method = how->lossless ? config->method : METHOD;
  config->exact = how->lossless; /* also what is behind transparent pixels */
  config->use_sharp_yuv = 1;
  return TRUE;
}

static gboolean
pack (const LimnRaster        *raster,
      const LimnPictureOutput *how,
      WebPMemoryWriter        *writer,
      GError                 **error)
{
  WebPPicture picture;
  WebPConfig  config;
  int         stride = limn_raster_stride (raster);
  gboolean    done;

  if (raster->width > WEBP_MAX_DIMENSION || raster->height > WEBP_MAX_DIMENSION)
    return fail (error, "a WebP has at most 16383 pixels on a side: take another format");
  if (!WebPPictureInit (&picture) || !configure (&config, how))
    return fail (error, "this libwebp is not the one Limn was built for: install Limn again");

  picture.width = raster->width;
  picture.height = raster->height;
  picture.use_argb = how->lossless;
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = writer;
  done = (raster->channels == 4 ? WebPPictureImportRGBA (&picture, raster->data, stride)
                                : WebPPictureImportRGB (&picture, raster->data, stride))
         && WebPEncode (&config, &picture);
  WebPPictureFree (&picture);
  return done || fail (error, "libwebp cannot encode it: close other programs to free memory");
}

static gboolean
set_chunk (WebPMux      *mux,
           const char   *type,
           gconstpointer bytes,
           gsize         size)
{
  WebPData data = { .bytes = bytes, .size = size };

  return bytes == NULL || size == 0 || WebPMuxSetChunk (mux, type, &data, 1) == WEBP_MUX_OK;
}

static gboolean
set_block (WebPMux    *mux,
           const char *type,
           GBytes     *block)
{
  return block == NULL || set_chunk (mux, type, g_bytes_get_data (block, NULL), g_bytes_get_size (block));
}

static GBytes *
assemble (const LimnEncoding     *encoding,
          const WebPMemoryWriter *pixels,
          GError                **error)
{
  g_autoptr (WebPMux) mux = WebPMuxNew ();
  WebPData frame = { .bytes = pixels->mem, .size = pixels->size };
  WebPData file = { 0 };
  GBytes  *bytes;

  if (mux == NULL || WebPMuxSetImage (mux, &frame, 0) != WEBP_MUX_OK || !set_block (mux, "ICCP", encoding->icc)
      || !set_block (mux, "EXIF", encoding->exif)
      || !set_chunk (mux, "XMP ", encoding->xmp, encoding->xmp ? strlen (encoding->xmp) : 0)
      || WebPMuxAssemble (mux, &file) != WEBP_MUX_OK)
    {
      fail (error, "libwebp cannot put the file together: close other programs to free memory");
      return NULL;
    }

  bytes = g_bytes_new (file.bytes, file.size);
  WebPDataClear (&file);
  return bytes;
}

GBytes *
limn_webp_encode (const LimnEncoding *encoding,
                  GError            **error)
{
  g_autoptr (LimnRaster) raster = limn_encoding_raster_8 (encoding->raster, FALSE);
  WebPMemoryWriter writer;
  GBytes          *bytes;

  WebPMemoryWriterInit (&writer);
  bytes = pack (raster, encoding->how, &writer, error) ? assemble (encoding, &writer, error) : NULL;
  WebPMemoryWriterClear (&writer);
  return bytes;
}
