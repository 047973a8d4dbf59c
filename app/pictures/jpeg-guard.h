/* libjpeg's way of failing (a long jump would leave it) kept in one place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <setjmp.h>
#include <stdio.h>

#include <glib.h>
#include <jpeglib.h>

G_BEGIN_DECLS

/**
 * LimnJpegGuard:
 * @base: for libjpeg
 * @error: (nullable): why it failed; to be cleared by the owner
 *
 * Data that ends too early is an error here, where libjpeg would fill up with grey.
 */
typedef struct
{
  struct jpeg_error_mgr    base;
  struct jpeg_progress_mgr progress;
  jmp_buf                  jump;
  GError                  *error;
} LimnJpegGuard;

/* Makes @codec, before it is created, fail through @guard, and give up on files of more passes than any program writes. */
void limn_jpeg_guard_init (LimnJpegGuard *guard,
                           j_common_ptr   codec);

/* To be called when it is created. */
void limn_jpeg_guard_watch (LimnJpegGuard *guard,
                            j_common_ptr   codec);

typedef void (*LimnJpegFunc) (gpointer data);

/**
 * limn_jpeg_try:
 * @func: owns nothing: what it allocates belongs to @data, since it may be left by a jump
 *
 * Returns: whether @func came to its end; otherwise the error is set
 */
gboolean limn_jpeg_try (LimnJpegGuard *guard,
                        LimnJpegFunc   func,
                        gpointer       data);

/* Leaves the function that is tried; an empty message keeps an error that is there. */
void limn_jpeg_fail (j_common_ptr codec,
                     const char  *message) G_GNUC_NORETURN;

/* What APP1 and APP2 segments begin with, with the zeros that belong to it. */
#define LIMN_JPEG_EXIF "Exif\0"
#define LIMN_JPEG_XMP "http://ns.adobe.com/xap/1.0/"
#define LIMN_JPEG_MORE_XMP "http://ns.adobe.com/xmp/extension/"
#define LIMN_JPEG_SEGMENT_MOST 65533 /* bytes of data in a segment */

G_END_DECLS
