/* One connection to a library's file: opening, statements, transactions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "app/library/error.h"

G_BEGIN_DECLS

/**
 * LimnDatabase:
 *
 * A connection. One thread uses it at a time; a thread that wants to read beside others opens its own. Writers of several
 * connections and programs wait for each other, some seconds long.
 */
typedef struct _LimnDatabase LimnDatabase;

/**
 * LimnDatabaseMode:
 * @LIMN_DATABASE_READ: an existing library, also one on a medium that cannot be written
 * @LIMN_DATABASE_WRITE: makes the file and its folder if they are not there, and brings an older one up to date
 */
typedef enum
{
  LIMN_DATABASE_READ,
  LIMN_DATABASE_WRITE
} LimnDatabaseMode;

/**
 * limn_database_place:
 *
 * Returns: (transfer full): the path of the library: `library.limn` in `$LIMN_DATA_DIR`, else in `$XDG_DATA_HOME/limn`
 */
char *limn_database_place (void);

/**
 * limn_database_open:
 *
 * Before an older library is brought up to date, a copy of it is kept beside it (`PATH.version-N`). Nothing is changed in a library
 * that is newer, damaged or not ours.
 *
 * Returns: (transfer full): a connection, or %NULL with a #LimnLibraryError
 */
LimnDatabase *limn_database_open (const char      *path,
                                  LimnDatabaseMode mode,
                                  GError         **error);
void          limn_database_close (LimnDatabase *database);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnDatabase, limn_database_close)

/* For what has no function here (backup, progress). The path is the one given to limn_database_open(). */
sqlite3    *limn_database_handle (LimnDatabase *database);
const char *limn_database_path (LimnDatabase *database);

/**
 * limn_database_prepare:
 * @sql: one statement with ?1, ?2, … for values; never with values pasted in
 *
 * Statements are compiled once a connection and kept. What comes is reset and has no values; it is used up (or reset) before the same
 * text is prepared again.
 *
 * Returns: (transfer none): the statement
 */
sqlite3_stmt *limn_database_prepare (LimnDatabase *database,
                                     const char   *sql,
                                     GError      **error);

/**
 * limn_database_step:
 * @row: (out): whether there is a row to read with sqlite3_column_…(); if not, the statement is reset
 *
 * Returns: %FALSE with an error; the statement is reset then
 */
gboolean limn_database_step (LimnDatabase *database,
                             sqlite3_stmt *statement,
                             gboolean     *row,
                             GError      **error);

/**
 * limn_database_bind:
 * @types: a letter a value: `i` gint64, `r` double, `s` const char * (%NULL is NULL), `b` GBytes * (%NULL is NULL), `n` NULL (takes
 *   no argument). Mind that small integers in an argument list have to be cast to gint64.
 *
 * Gives ?1, ?2, … their values. Texts and bytes are copied.
 */
void limn_database_bind (sqlite3_stmt *statement,
                         const char   *types,
                         ...);

/**
 * limn_database_run:
 * @types: see limn_database_bind()
 *
 * Runs a statement that gives no rows.
 */
gboolean limn_database_run (LimnDatabase *database,
                            GError      **error,
                            const char   *sql,
                            const char   *types,
                            ...);

/**
 * limn_database_integer:
 * @value: (out): first column of the first row; untouched if there is no row or it is NULL
 *
 * Asks for one number.
 */
gboolean limn_database_integer (LimnDatabase *database,
                                gint64       *value,
                                GError      **error,
                                const char   *sql,
                                const char   *types,
                                ...);

/* Asks for one text; @value becomes %NULL if there is none. */
gboolean limn_database_text (LimnDatabase *database,
                             char        **value,
                             GError      **error,
                             const char   *sql,
                             const char   *types,
                             ...);

/* Number of the row that was inserted last; number of rows that the last statement changed. */
gint64 limn_database_last_id (LimnDatabase *database);
gint64 limn_database_changes (LimnDatabase *database);

/* Runs several statements without values, like those of a migration. */
gboolean limn_database_script (LimnDatabase *database,
                               const char   *sql,
                               GError      **error);

typedef gboolean (*LimnDatabaseFunc) (LimnDatabase *database,
                                      gpointer      data,
                                      GError      **error);

/**
 * limn_database_transaction:
 *
 * Runs @func between BEGIN IMMEDIATE and COMMIT: either all it writes is there, also after a power cut, or, if it returns %FALSE
 * or the disk is full, nothing. Inside another transaction it is a part of that one.
 *
 * Returns: %FALSE with the error of @func or of the commit
 */
gboolean limn_database_transaction (LimnDatabase    *database,
                                    LimnDatabaseFunc func,
                                    gpointer         data,
                                    GError         **error);

/* Makes an error of what SQLite said last. Returns: %FALSE, so that it can be returned */
gboolean limn_database_fail (LimnDatabase *database,
                             GError      **error);

G_END_DECLS
