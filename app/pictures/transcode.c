/* The pixels of a file as they are packed, in a new file around them: PNG and WebP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/transcode.h"

#include <string.h>

#include <webp/mux.h>

#include "app/pictures/png-inflate.h"
#include "app/xmp.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebPMux, WebPMuxDelete)

static gpointer
fail (const char *name,
      const char *why,
      GError    **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s: cannot be put together anew: %s: export it as another format", name, why);
  return NULL;
}

/* What a PNG's pixels and colours need (PNG, 11.2 and 11.3.2); everything else is somebody's remark. */
static const char *const kept_chunks[] = { "IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "IDAT", NULL };

static void
append_chunk (GByteArray *out,
              const char *type,
              const char *data,
              gsize       size)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint32 length = GUINT32_TO_BE (size), check;

  g_byte_array_append (body, (const guint8 *) type, 4);
  g_byte_array_append (body, (const guint8 *) data, size);
  check = GUINT32_TO_BE (limn_png_checksum (body->data, body->len));
  g_byte_array_append (out, (const guint8 *) &length, 4);
  g_byte_array_append (out, body->data, body->len);
  g_byte_array_append (out, (const guint8 *) &check, 4);
}

/* iTXt: keyword, no compression, no language (PNG, 11.3.4.5) */
static void
append_text (GByteArray *out,
             const char *keyword,
             const char *text)
{
  g_autoptr (GString) data = g_string_new (keyword);

  g_string_append_len (data, "\0\0\0\0\0", 5);
  g_string_append (data, text);
  append_chunk (out, "iTXt", data->str, data->len);
}

GBytes *
limn_png_transcode (GBytes             *file,
                    const char         *name,
                    const LimnEncoding *encoding,
                    GError            **error)
{
  const guint8 *bytes = g_bytes_get_data (file, NULL);
  GByteArray   *out = g_byte_array_new ();
  gsize         at = 8;
  LimnPngChunk  chunk;

  g_byte_array_append (out, bytes, 8);
  while (limn_png_next_chunk (file, &at, &chunk) && strcmp (chunk.type, "IEND") != 0)
    {
      if (g_strv_contains (kept_chunks, chunk.type))
        g_byte_array_append (out, bytes + chunk.at, chunk.size + 12);
      if (strcmp (chunk.type, "IHDR") == 0 && encoding->xmp != NULL)
        append_text (out, LIMN_PICTURE_XMP, encoding->xmp);
    }

  append_chunk (out, "IEND", "", 0);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
set_chunk (WebPMux      *mux,
           const char   *type,
           gconstpointer bytes,
           gsize         size)
{
  WebPData data = { .bytes = bytes, .size = size };

  return bytes == NULL || WebPMuxSetChunk (mux, type, &data, 1) == WEBP_MUX_OK;
}

/* The picture alone comes out of the old file, as one without anything else in it. */
static gboolean
move_picture (WebPMux *from,
              WebPMux *to)
{
  WebPMuxFrameInfo frame = { 0 };
  gboolean         done = WebPMuxGetFrame (from, 1, &frame) == WEBP_MUX_OK && WebPMuxSetImage (to, &frame.bitstream, 1) == WEBP_MUX_OK;

  WebPDataClear (&frame.bitstream);
  return done;
}

static gboolean
is_single (WebPMux *mux)
{
  int frames = 0;

  return WebPMuxNumChunks (mux, WEBP_CHUNK_ANMF, &frames) == WEBP_MUX_OK && frames == 0;
}

GBytes *
limn_webp_transcode (GBytes             *file,
                     const char         *name,
                     const LimnEncoding *encoding,
                     GError            **error)
{
  WebPData data = { .bytes = g_bytes_get_data (file, NULL), .size = g_bytes_get_size (file) };
  g_autoptr (WebPMux) from = WebPMuxCreate (&data, 0);
  g_autoptr (WebPMux) to = WebPMuxNew ();
  WebPData      result = { 0 };
  gsize         size = 0;
  gconstpointer icc = encoding->icc ? g_bytes_get_data (encoding->icc, &size) : NULL;
  GBytes       *bytes;

  if (from == NULL || to == NULL || !is_single (from))
    return fail (name, "it is no single picture", error);
  if (!move_picture (from, to) || !set_chunk (to, "ICCP", icc, size)
      || !set_chunk (to, "XMP ", encoding->xmp, encoding->xmp ? strlen (encoding->xmp) : 0)
      || WebPMuxAssemble (to, &result) != WEBP_MUX_OK)
    return fail (name, "libwebp does not take its pixels", error);

  bytes = g_bytes_new (result.bytes, result.size);
  WebPDataClear (&result);
  return bytes;
}
