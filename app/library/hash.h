/* SHA-256, with the processor's instructions where it has them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LIMN_HASH_BYTES 32

/* Returns: (transfer full): SHA-256 (FIPS 180-4) of @bytes, %LIMN_HASH_BYTES long */
GBytes *limn_hash (GBytes *bytes);

/* Returns: (transfer full): the same by the slow way, for tests */
GBytes *limn_hash_portable (GBytes *bytes);

/* Returns: (transfer full): hexadecimal digits */
char *limn_hash_format (gconstpointer bytes,
                        gsize         size);

G_END_DECLS
