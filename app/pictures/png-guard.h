/* libpng's way of failing (a long jump) kept in one place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <png.h>

G_BEGIN_DECLS

typedef void (*LimnPngFunc) (png_structp png,
                             gpointer    data);

/**
 * limn_png_guard_reader:
 * @error: (not nullable): set by limn_png_try() when a call fails; owned by the caller
 *
 * Returns: (nullable) (transfer full): a reader with limits for hostile files
 */
png_structp limn_png_guard_reader (GError **error);

/* Returns: (nullable) (transfer full): a writer; the rest as above */
png_structp limn_png_guard_writer (GError **error);

/**
 * limn_png_try:
 * @func: owns nothing: what it allocates belongs to @data, since it may be left by a jump
 *
 * Returns: whether @func came to its end; otherwise the error is set
 */
gboolean limn_png_try (png_structp png,
                       LimnPngFunc func,
                       gpointer    data);

G_END_DECLS
