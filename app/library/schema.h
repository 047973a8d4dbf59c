/* The tables of a library and how they came about.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/database.h"

G_BEGIN_DECLS

/* "Limn": how `file` and we know the file. */
#define LIMN_SCHEMA_APPLICATION_ID 0x4c696d6e

/* Returns: the version that this program writes: the number of migrations */
int limn_schema_version (void);

/**
 * limn_schema_check:
 * @version: (out): of the library; 0 if it is empty
 *
 * Reads only.
 *
 * Returns: %FALSE with %LIMN_LIBRARY_ERROR_NEWER, %LIMN_LIBRARY_ERROR_FOREIGN or %LIMN_LIBRARY_ERROR_DAMAGED
 */
gboolean limn_schema_check (LimnDatabase *database,
                            int          *version,
                            GError      **error);

/**
 * limn_schema_migrate:
 *
 * Runs the migrations that are missing, each in a transaction of its own. A library that holds something is copied before.
 */
gboolean limn_schema_migrate (LimnDatabase *database,
                              GError      **error);

/* The same with other migrations, for tests. */
gboolean limn_schema_migrate_by (LimnDatabase      *database,
                                 const char *const *steps,
                                 int                n,
                                 GError           **error);

G_END_DECLS
