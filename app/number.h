/* Numbers as people and other programs write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_number_parse_integer:
 *
 * Decimal digits with an optional sign and nothing else ("12abc", " 12" and "" are refused).
 *
 * Returns: whether @text is an integer that fits
 */
gboolean limn_number_parse_integer (const char *text,
                                    gint64     *value);

/**
 * limn_number_parse_real:
 *
 * Independent of the locale; infinities and NaN are refused.
 *
 * Returns: whether @text is a finite number and nothing else
 */
gboolean limn_number_parse_real (const char *text,
                                 double     *value);

/**
 * limn_number_parse_size:
 * @text: "WIDTHxHEIGHT"
 *
 * Returns: whether @text is a size; the numbers may still be out of any range
 */
gboolean limn_number_parse_size (const char *text,
                                 gint64     *width,
                                 gint64     *height);

/**
 * limn_number_format_real:
 *
 * Returns: (transfer full): the shortest text that reads back as @value, with a point whatever the locale
 */
char *limn_number_format_real (double value);

G_END_DECLS
