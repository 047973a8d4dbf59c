/* Files read with limits and written whole or not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"

G_BEGIN_DECLS

/**
 * limn_safe_file_read:
 * @limit: bytes; larger files are refused
 *
 * Only regular files are read: a device or a pipe has no end.
 *
 * Returns: (transfer full): all of the file, or %NULL with %LIMN_APP_ERROR_FILE
 */
GBytes *limn_safe_file_read (const char *path,
                             gsize       limit,
                             GError    **error);

/**
 * limn_safe_file_can_write:
 *
 * Whether @path can be expected to take a file, found out before hours of work go into it: its folder is there and open to us, and
 * it is no folder itself.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_FILE that says what to do
 */
gboolean limn_safe_file_can_write (const char *path,
                                   GError    **error);

/**
 * limn_safe_file_write:
 * @replace: whether a file that is there may be replaced
 *
 * Writes to a temporary file beside @path, waits until it is on the disk, and renames it. Whatever fails, @path is as it was and the
 * temporary file is gone. A device or a pipe is written into, never replaced; a symbolic link's target is replaced, not the link.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_FILE, or %G_FILE_ERROR_EXIST if @path is there and @replace is %FALSE
 */
gboolean limn_safe_file_write (const char *path,
                               GBytes     *bytes,
                               gboolean    replace,
                               GError    **error);

G_END_DECLS
