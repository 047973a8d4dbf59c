/* Where to look in the library: all, starred, albums, tags, saved searches, the trash.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_LIBRARY_PANE (limn_library_pane_get_type ())

/* Signals: `place (const char *query, gboolean album)`: one was chosen; `message (const char *)`. */
G_DECLARE_FINAL_TYPE (LimnLibraryPane, limn_library_pane, LIMN, LIBRARY_PANE, AdwBin)

void limn_library_pane_set_studio (LimnLibraryPane *pane,
                                   LimnStudio      *studio);

/* Keeps what is searched for under a name. */
void limn_library_pane_save_search (LimnLibraryPane *pane,
                                    const char      *name,
                                    const char      *query);

G_END_DECLS
