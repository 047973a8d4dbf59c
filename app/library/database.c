/* One connection to a library's file: opening, statements, transactions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/database.h"

#include <glib/gstdio.h>
#include <errno.h>
#include <stdarg.h>

#include "app/data-place.h"
#include "app/library/schema.h"

#define BUSY_MILLISECONDS 10000

G_DEFINE_QUARK (limn - library - error - quark, limn_library_error)

struct _LimnDatabase
{
  sqlite3    *handle;
  char       *path;
  GHashTable *statements; /* text → sqlite3_stmt */
};

/* What SQLite's codes mean to an artist. */
static const struct
{
  int              code;
  LimnLibraryError error;
  const char      *what;
} meanings[] = {
  { SQLITE_BUSY, LIMN_LIBRARY_ERROR_BUSY, "another program keeps it busy: close that, or try again" },
  { SQLITE_LOCKED, LIMN_LIBRARY_ERROR_BUSY, "another program keeps it busy: close that, or try again" },
  { SQLITE_FULL, LIMN_LIBRARY_ERROR_FULL, "the disk is full, or files may not grow: make room, or raise the limit; nothing was changed" },
  { SQLITE_READONLY, LIMN_LIBRARY_ERROR_READ_ONLY, "it cannot be written: look at the rights of the file and its folder" },
  { SQLITE_PERM, LIMN_LIBRARY_ERROR_READ_ONLY, "it cannot be written: look at the rights of the file and its folder" },
  { SQLITE_CANTOPEN, LIMN_LIBRARY_ERROR_FAILED, "it cannot be opened: look whether the folder is there and yours" },
  { SQLITE_CORRUPT, LIMN_LIBRARY_ERROR_DAMAGED, "the file is damaged: limn library check --salvage saves what can be read" },
  { SQLITE_NOTADB, LIMN_LIBRARY_ERROR_FOREIGN, "the file is no library, or its beginning is destroyed: move it away, or get a copy of it" },
  { SQLITE_CONSTRAINT, LIMN_LIBRARY_ERROR_CONSTRAINT, NULL },
};

/* A limit on the size of files and a quota are full disks too, which SQLite calls faults of the disk. */
static int
failure_code (LimnDatabase *database)
{
  static const int writing[] = { SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_TRUNCATE };
  int              code = sqlite3_extended_errcode (database->handle);

  for (gsize i = 0; i < G_N_ELEMENTS (writing); i++)
    if (code == writing[i])
      return SQLITE_FULL;

  return code & 0xff;
}

gboolean
limn_database_fail (LimnDatabase *database,
                    GError      **error)
{
  g_autofree char *shown = g_filename_display_name (database->path);
  int              code = failure_code (database);

  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].code == code && meanings[i].what != NULL)
      {
        g_set_error (error, LIMN_LIBRARY_ERROR, meanings[i].error, "%s: %s", shown, meanings[i].what);
        return FALSE;
      }

  g_set_error (error, LIMN_LIBRARY_ERROR,
               code == SQLITE_CONSTRAINT ? LIMN_LIBRARY_ERROR_CONSTRAINT : LIMN_LIBRARY_ERROR_FAILED, "%s: %s", shown,
               sqlite3_errmsg (database->handle));
  return FALSE;
}

char *
limn_database_place (void)
{
  return limn_data_place ("library.limn");
}

void
limn_database_close (LimnDatabase *database)
{
  g_clear_pointer (&database->statements, g_hash_table_unref);
  if (database->handle != NULL)
    sqlite3_close (database->handle);
  g_free (database->path);
  g_free (database);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static gboolean
make_folder (const char *path,
             GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *shown = g_filename_display_name (folder);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "%s: the library's folder cannot be made: %s", shown,
               g_strerror (errno));
  return FALSE;
}

/* SQLite takes options with a name in form of a URI only. */
static char *
immutable_uri (const char *path)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);

  return g_strdup_printf ("file:%s?immutable=1", escaped);
}

/* A library in WAL mode needs its two helper files; on a medium that cannot be written they are missing, and nobody can write. */
static gboolean
is_frozen (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  return g_access (folder, W_OK) != 0 && g_access (log, F_OK) != 0;
}

/* SQLite would say that it cannot be opened, or open it and fail at the first change. */
static gboolean
check_writable (const char *path,
                GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *shown = g_filename_display_name (path);

  if (g_access (path, F_OK) != 0 || (g_access (path, W_OK) == 0 && g_access (folder, W_OK) == 0))
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_READ_ONLY,
               "%s: it cannot be written: look at the rights of the file and its folder", shown);
  return FALSE;
}

static gboolean
connect_file (LimnDatabase    *database,
              LimnDatabaseMode mode,
              GError         **error)
{
  g_autofree char *name = mode == LIMN_DATABASE_READ && is_frozen (database->path) ? immutable_uri (database->path)
                                                                                   : g_strdup (database->path);
  int              flags = mode == LIMN_DATABASE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

  if (g_str_has_prefix (name, "file:"))
    flags |= SQLITE_OPEN_URI;
  if (sqlite3_open_v2 (name, &database->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    return limn_database_fail (database, error);

  sqlite3_busy_timeout (database->handle, BUSY_MILLISECONDS);
  sqlite3_extended_result_codes (database->handle, 1);
  return TRUE;
}

/*
 * Large pages: most of a library are pictures, which are written a fifth faster so; it counts when the file is made. FULL: a commit that was reported is on
 * the disk. Nothing of the file is mapped: a file cut by others is an error, not a signal.
 */
static gboolean
set_up (LimnDatabase    *database,
        LimnDatabaseMode mode,
        GError         **error)
{
  int version;

  if (!limn_schema_check (database, &version, error)
      || !limn_database_script (database, "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF", error))
    return FALSE;
  if (mode == LIMN_DATABASE_READ)
    return TRUE;

  return limn_database_script (database, "PRAGMA page_size = 32768; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", error)
         && limn_schema_migrate (database, error);
}

LimnDatabase *
limn_database_open (const char      *path,
                    LimnDatabaseMode mode,
                    GError         **error)
{
  g_autoptr (LimnDatabase) database = g_new0 (LimnDatabase, 1);

  database->path = g_strdup (path);
  database->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);

  if (mode == LIMN_DATABASE_WRITE && !(make_folder (path, error) && check_writable (path, error)))
    return NULL;
  if (!connect_file (database, mode, error) || !set_up (database, mode, error))
    return NULL;

  return g_steal_pointer (&database);
}

sqlite3 *
limn_database_handle (LimnDatabase *database)
{
  return database->handle;
}

const char *
limn_database_path (LimnDatabase *database)
{
  return database->path;
}

sqlite3_stmt *
limn_database_prepare (LimnDatabase *database,
                       const char   *sql,
                       GError      **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (database->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  if (sqlite3_prepare_v3 (database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      limn_database_fail (database, error);
      return NULL;
    }

  g_hash_table_insert (database->statements, g_strdup (sql), statement);
  return statement;
}

gboolean
limn_database_step (LimnDatabase *database,
                    sqlite3_stmt *statement,
                    gboolean     *row,
                    GError      **error)
{
  int result = sqlite3_step (statement);

  *row = result == SQLITE_ROW;
  if (*row)
    return TRUE;
  if (result != SQLITE_DONE)
    limn_database_fail (database, error);

  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

static void
bind_bytes (sqlite3_stmt *statement,
            int           at,
            GBytes       *bytes)
{
  if (bytes == NULL)
    sqlite3_bind_null (statement, at);
  else
    sqlite3_bind_blob64 (statement, at, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), SQLITE_TRANSIENT);
}

static void
bind_list (sqlite3_stmt *statement,
           const char   *types,
           va_list       values)
{
  for (int at = 1; types[at - 1] != '\0'; at++)
    if (types[at - 1] == 'i')
      sqlite3_bind_int64 (statement, at, va_arg (values, gint64));
    else if (types[at - 1] == 'r')
      sqlite3_bind_double (statement, at, va_arg (values, double));
    else if (types[at - 1] == 's')
      sqlite3_bind_text (statement, at, va_arg (values, const char *), -1, SQLITE_TRANSIENT);
    else if (types[at - 1] == 'b')
      bind_bytes (statement, at, va_arg (values, GBytes *));
    else
      sqlite3_bind_null (statement, at);
}

void
limn_database_bind (sqlite3_stmt *statement,
                    const char   *types,
                    ...)
{
  va_list values;

  va_start (values, types);
  bind_list (statement, types, values);
  va_end (values);
}

/* Returns: (nullable): the statement at its first row, if there is one */
static sqlite3_stmt *
first_row (LimnDatabase *database,
           gboolean     *row,
           GError      **error,
           const char   *sql,
           const char   *types,
           va_list       values)
{
  sqlite3_stmt *statement = limn_database_prepare (database, sql, error);

  *row = FALSE;
  if (statement == NULL)
    return NULL;

  bind_list (statement, types, values);
  return limn_database_step (database, statement, row, error) ? statement : NULL;
}

gboolean
limn_database_run (LimnDatabase *database,
                   GError      **error,
                   const char   *sql,
                   const char   *types,
                   ...)
{
  sqlite3_stmt *statement;
  gboolean      row;
  va_list       values;

  va_start (values, types);
  statement = first_row (database, &row, error, sql, types, values);
  va_end (values);

  if (statement != NULL)
    sqlite3_reset (statement);
  return statement != NULL;
}

gboolean
limn_database_integer (LimnDatabase *database,
                       gint64       *value,
                       GError      **error,
                       const char   *sql,
                       const char   *types,
                       ...)
{
  sqlite3_stmt *statement;
  gboolean      row;
  va_list       values;

  va_start (values, types);
  statement = first_row (database, &row, error, sql, types, values);
  va_end (values);

  if (row && sqlite3_column_type (statement, 0) != SQLITE_NULL)
    *value = sqlite3_column_int64 (statement, 0);
  if (statement != NULL)
    sqlite3_reset (statement);
  return statement != NULL;
}

gboolean
limn_database_text (LimnDatabase *database,
                    char        **value,
                    GError      **error,
                    const char   *sql,
                    const char   *types,
                    ...)
{
  sqlite3_stmt *statement;
  gboolean      row;
  va_list       values;

  va_start (values, types);
  statement = first_row (database, &row, error, sql, types, values);
  va_end (values);

  *value = row ? g_strdup ((const char *) sqlite3_column_text (statement, 0)) : NULL;
  if (statement != NULL)
    sqlite3_reset (statement);
  return statement != NULL;
}

gint64
limn_database_last_id (LimnDatabase *database)
{
  return sqlite3_last_insert_rowid (database->handle);
}

gint64
limn_database_changes (LimnDatabase *database)
{
  return sqlite3_changes64 (database->handle);
}

gboolean
limn_database_script (LimnDatabase *database,
                      const char   *sql,
                      GError      **error)
{
  return sqlite3_exec (database->handle, sql, NULL, NULL, NULL) == SQLITE_OK || limn_database_fail (database, error);
}

gboolean
limn_database_transaction (LimnDatabase    *database,
                           LimnDatabaseFunc func,
                           gpointer         data,
                           GError         **error)
{
  if (!sqlite3_get_autocommit (database->handle))
    return func (database, data, error);

  if (!limn_database_script (database, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (func (database, data, error) && limn_database_script (database, "COMMIT", error))
    return TRUE;

  /* SQLite has rolled back by itself after some errors; then there is nothing to do, and that is no news. */
  if (!sqlite3_get_autocommit (database->handle))
    sqlite3_exec (database->handle, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}
