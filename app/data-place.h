/* Where what the artist made is kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @name: (nullable): of a file or folder in it. Returns: (transfer full): in $LIMN_DATA_DIR, else in Limn's folder below $XDG_DATA_HOME */
char *limn_data_place (const char *name);

G_END_DECLS
