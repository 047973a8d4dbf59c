/* Takes back the filters of a PNG's rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_png_unfilter:
 * @data: (array length=height * (row + 1)): rows, each behind the number of its filter, as they come out of the zlib stream
 * @row: bytes of a row, without that number
 * @pixel: bytes of a pixel, 1 for those of less than a byte
 *
 * Undoes the filters (PNG, 9.2) in place; every number becomes 0, so that what is left is the same picture without filters.
 *
 * Returns: %FALSE if there is a filter that does not exist
 */
gboolean limn_png_unfilter (guint8 *data,
                            gsize   row,
                            gsize   height,
                            gsize   pixel);

G_END_DECLS
