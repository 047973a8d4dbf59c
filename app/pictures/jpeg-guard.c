/* libjpeg's way of failing (a long jump would leave it) kept in one place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/jpeg-guard.h"

#include <jerror.h>

#include "app/error.h"

#define MAX_SCANS 500

void
limn_jpeg_fail (j_common_ptr codec,
                const char  *message)
{
  LimnJpegGuard *guard = (LimnJpegGuard *) codec->err;

  if (guard->error == NULL)
    g_set_error_literal (&guard->error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, message);
  longjmp (guard->jump, 1);
}

static void
on_error (j_common_ptr codec)
{
  char message[JMSG_LENGTH_MAX];

  codec->err->format_message (codec, message);
  limn_jpeg_fail (codec, message);
}

static void
on_message (j_common_ptr codec,
            int          level)
{
  int code = codec->err->msg_code;

  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
    limn_jpeg_fail (codec, "the file ends too early");
}

/* A file of some kilobytes can ask for thousands of passes over a large picture. */
static void
on_progress (j_common_ptr codec)
{
  if (codec->is_decompressor && ((j_decompress_ptr) codec)->input_scan_number > MAX_SCANS)
    limn_jpeg_fail (codec, "it has more than 500 scans");
}

void
limn_jpeg_guard_init (LimnJpegGuard *guard,
                      j_common_ptr   codec)
{
  codec->err = jpeg_std_error (&guard->base);
  guard->base.error_exit = on_error;
  guard->base.emit_message = on_message;
}

void
limn_jpeg_guard_watch (LimnJpegGuard *guard,
                       j_common_ptr   codec)
{
  guard->progress.progress_monitor = on_progress;
  codec->progress = &guard->progress;
}

gboolean
limn_jpeg_try (LimnJpegGuard *guard,
               LimnJpegFunc   func,
               gpointer       data)
{
  if (setjmp (guard->jump) != 0)
    return FALSE;

  func (data);
  return TRUE;
}
