/* How the library's own files get at its connections.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/database.h"
#include "app/library/library.h"

G_BEGIN_DECLS

/**
 * limn_library_write:
 *
 * Runs @func on the writer's thread, in a transaction, and waits for it. What the caller holds may be used in it.
 *
 * Returns: %FALSE with the error of @func, of the commit, or %LIMN_LIBRARY_ERROR_READ_ONLY
 */
gboolean limn_library_write (LimnLibrary     *library,
                             LimnDatabaseFunc func,
                             gpointer         data,
                             GError         **error);

/* Runs @func here, on a connection that nobody else uses meanwhile; it sees one state of the library throughout. */
gboolean limn_library_read (LimnLibrary     *library,
                            LimnDatabaseFunc func,
                            gpointer         data,
                            GError         **error);

/* Emits `changed` soon. @ids: (nullable) (array length=n) */
void limn_library_tell (LimnLibrary      *library,
                        LimnLibraryChange change,
                        const gint64     *ids,
                        gsize             n);

G_END_DECLS
