/* The pixels of a JPEG as they are packed, in a new file around them: its coefficients are copied, not computed again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/transcode.h"

#include <stdlib.h>

#include "app/pictures/jpeg-guard.h"

/* All that it owns, so that a jump out of libjpeg loses nothing. Both codecs fail through one guard. */
typedef struct
{
  LimnJpegGuard                 guard;
  struct jpeg_decompress_struct from;
  struct jpeg_compress_struct   to;
  GBytes                       *file;
  const LimnEncoding           *encoding;
  unsigned char                *out;
  unsigned long                 size;
} Transcoder;

static void
transcoder_clear (Transcoder *transcoder)
{
  jpeg_destroy_compress (&transcoder->to);
  jpeg_destroy_decompress (&transcoder->from);
  g_clear_error (&transcoder->guard.error);
  free (transcoder->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Transcoder, transcoder_clear)

static void
copy (gpointer data)
{
  Transcoder       *transcoder = data;
  j_decompress_ptr  from = &transcoder->from;
  j_compress_ptr    to = &transcoder->to;
  gsize             size;
  const guint8     *bytes = g_bytes_get_data (transcoder->file, &size);
  jvirt_barray_ptr *coefficients;

  jpeg_create_decompress (from);
  jpeg_create_compress (to);
  limn_jpeg_guard_watch (&transcoder->guard, (j_common_ptr) from);
  jpeg_mem_src (from, bytes, size);
  jpeg_mem_dest (to, &transcoder->out, &transcoder->size);
  jpeg_read_header (from, TRUE);
  coefficients = jpeg_read_coefficients (from);
  jpeg_copy_critical_parameters (from, to);
  to->optimize_coding = TRUE;
  jpeg_write_coefficients (to, coefficients);
  limn_jpeg_encode_segments (to, transcoder->encoding);
  jpeg_finish_compress (to);
  jpeg_finish_decompress (from);
}

GBytes *
limn_jpeg_transcode (GBytes             *file,
                     const char         *name,
                     const LimnEncoding *encoding,
                     GError            **error)
{
  g_auto (Transcoder) transcoder = { .file = file, .encoding = encoding };

  limn_jpeg_guard_init (&transcoder.guard, (j_common_ptr) &transcoder.from);
  limn_jpeg_guard_init (&transcoder.guard, (j_common_ptr) &transcoder.to);
  if (limn_jpeg_try (&transcoder.guard, copy, &transcoder))
    return g_bytes_new (transcoder.out, transcoder.size);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s: cannot be put together anew: %s: get it again", name,
               transcoder.guard.error->message);
  return NULL;
}
