/* Tables as comma-separated values (RFC 4180).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_csv_parse:
 * @text: UTF-8, @size bytes
 *
 * Cells in quotes may hold commas, line ends and doubled quotes. Nothing is refused: a quote that is never closed ends with the text.
 *
 * Returns: (transfer full) (element-type GStrv): rows; empty lines are none
 */
GPtrArray *limn_csv_parse (const char *text,
                           gsize       size);

G_END_DECLS
