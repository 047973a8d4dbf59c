/* Reads numbers and strings from the beginning of a file, one after the other; for GGUF headers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights-private.h"

G_BEGIN_DECLS

/**
 * LimnByteReader:
 * @at: what is read next, and @size: of the file
 * @begin, @end: what of the file is in @window
 * @error: (nullable): why reading failed, the caller's to free; from then on everything reads as zero and nothing moves
 *
 * Copies what it reads, as limn_source_read() does: a file that shrinks meanwhile is an error, not a fault.
 */
typedef struct
{
  const LimnSource *source;
  gsize             at, size;
  gsize             begin, end;
  GError           *error;
  guint8            window[8192];
} LimnByteReader;

void limn_byte_reader_init (LimnByteReader   *reader,
                            const LimnSource *source);

/* Bytes that are left. */
gsize limn_byte_reader_left (const LimnByteReader *reader);

/* Returns: an unsigned little-endian integer of @bytes bytes, 1 to 8. */
guint64 limn_byte_reader_integer (LimnByteReader *reader,
                                  gsize           bytes);

void limn_byte_reader_skip (LimnByteReader *reader,
                            guint64         bytes);

/**
 * limn_byte_reader_text:
 * @text: (out caller-allocates): what was read; empty if it is longer than @limit
 *
 * Reads a length of 64 bits and that many bytes.
 *
 * Returns: whether they are @limit at most, and UTF-8 without zeros
 */
gboolean limn_byte_reader_text (LimnByteReader *reader,
                                GString        *text,
                                gsize           limit);

/* Fails with @code and "file: …", if it has not failed already. Returns FALSE. */
gboolean limn_byte_reader_fail (LimnByteReader *reader,
                                int             code,
                                const char     *format,
                                ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
