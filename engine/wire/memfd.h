/* Sealed memory that passes from one process to another: neither can change or cut it while the other reads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: a descriptor, the caller's to close, of sealed memory with @size bytes of @data; -1 with an error */
int limn_memfd_new (gconstpointer data,
                    gsize         size,
                    GError      **error);

/**
 * limn_memfd_read:
 * @data: (out caller-allocates): @size bytes
 *
 * Copies what is in @descriptor, which has to be sealed memory of exactly @size bytes. Anything else (a file, a pipe, memory that
 * somebody may still write to or cut) is refused.
 */
gboolean limn_memfd_read (int      descriptor,
                          gpointer data,
                          gsize    size,
                          GError **error);

G_END_DECLS
