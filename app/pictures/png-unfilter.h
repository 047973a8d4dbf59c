/* Takes back the filters of a PNG's rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes behind the rows that may be read, and are not used. */
#define LIMN_PNG_SLACK 16

/**
 * limn_png_unfilter:
 * @data: rows, each behind the number of its filter, as they come out of the zlib stream, and %LIMN_PNG_SLACK bytes
 * @row: bytes of a row, without that number
 * @pixel: bytes of a pixel, 3 or 4
 * @to: (out caller-allocates): @height rows without numbers
 *
 * Undoes the filters (PNG, 9.2). @data is not changed.
 *
 * Returns: %FALSE if there is a filter that does not exist
 */
gboolean limn_png_unfilter (const guint8 *data,
                            gsize         row,
                            gsize         height,
                            gsize         pixel,
                            guint8       *to);

G_END_DECLS
