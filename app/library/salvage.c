/* Saves what can be read of a damaged library, row by row, into a new one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/care.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/library/database.h"
#include "app/library/hash.h"
#include "app/library/words.h"

/* @by_number: rows have numbers and are asked for one by one where going through them fails */
static const struct
{
  const char *name;
  gboolean    by_number;
} tables[] = {
  { "models", TRUE },
  { "pictures", TRUE },
  { "blobs", TRUE },
  { "thumbnails", TRUE },
  { "ingredients", FALSE },
  { "tags", TRUE },
  { "picture_tags", FALSE },
  { "albums", TRUE },
  { "album_pictures", FALSE },
  { "saved_searches", TRUE },
  { "edges", FALSE },
  { "jobs", TRUE },
};

/* What belongs to something that was lost, and what is asked of the rest. */
static const char remove_orphans[] = "DELETE FROM blobs WHERE picture NOT IN (SELECT id FROM pictures);"
                                     "DELETE FROM thumbnails WHERE picture NOT IN (SELECT id FROM pictures);"
                                     "DELETE FROM ingredients WHERE picture NOT IN (SELECT id FROM pictures);"
                                     "DELETE FROM picture_tags WHERE picture NOT IN (SELECT id FROM pictures) OR tag NOT IN (SELECT id FROM tags);"
                                     "DELETE FROM album_pictures WHERE picture NOT IN (SELECT id FROM pictures) OR album NOT IN (SELECT id FROM albums);"
                                     "DELETE FROM edges WHERE child NOT IN (SELECT id FROM pictures) OR parent NOT IN (SELECT id FROM pictures);"
                                     "UPDATE jobs SET result = NULL WHERE result NOT IN (SELECT id FROM pictures);"
                                     "UPDATE pictures SET model = NULL WHERE model NOT IN (SELECT id FROM models)";

/* The largest number that can be known of: that of the sequence, or of the last row if there is a way to it. */
static gint64
last_number (LimnDatabase *database,
             const char   *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rowid FROM old.%s ORDER BY rowid DESC LIMIT 1", table);
  gint64           last = 0, pictures = 0, own = 0;

  limn_database_integer (database, &pictures, NULL, "SELECT seq FROM old.sqlite_sequence WHERE name = 'pictures'", "");
  limn_database_integer (database, &own, NULL, "SELECT seq FROM old.sqlite_sequence WHERE name = ?1", "s", table);
  limn_database_integer (database, &last, NULL, sql, "");
  return MAX (last, g_str_equal (table, "thumbnails") ? 2 * pictures + 1 : g_str_equal (table, "blobs") ? pictures
                                                                                                        : own);
}

/* Columns that both have, since the old one can be of an older version. */
static char *
common_columns (LimnDatabase *database,
                const char   *table)
{
  char *columns = NULL;

  limn_database_text (database, &columns, NULL,
                      "SELECT group_concat (name) FROM pragma_table_info (?1, 'main')"
                      " WHERE name IN (SELECT name FROM pragma_table_info (?1, 'old'))",
                      "s", table);
  return columns;
}

static void
copy_row (sqlite3_stmt *row,
          sqlite3_stmt *into)
{
  for (int i = 0; i < sqlite3_column_count (row); i++)
    sqlite3_bind_value (into, i + 1, sqlite3_column_value (row, i));
  sqlite3_step (into);
  sqlite3_reset (into);
}

/* "?,?,…", as many as there are columns */
static char *
places_for (const char *columns)
{
  g_auto (GStrv) names = g_strsplit (columns, ",", -1);
  GString *places = g_string_new ("?");

  for (guint i = 1; i < g_strv_length (names); i++)
    g_string_append (places, ",?");
  return g_string_free (places, FALSE);
}

/* As far as it goes from the beginning and from the end. */
static void
copy_runs (LimnDatabase *database,
           const char   *table,
           const char   *columns)
{
  static const char *const ways[] = { "", " DESC" };
  g_autofree char         *places = places_for (columns);
  g_autofree char         *copy = g_strdup_printf ("INSERT OR IGNORE INTO main.%s (%s) VALUES (%s)", table, columns, places);
  sqlite3_stmt            *into = limn_database_prepare (database, copy, NULL);

  for (gsize way = 0; into != NULL && way < G_N_ELEMENTS (ways); way++)
    {
      g_autofree char *order = g_strdup_printf ("SELECT %s FROM old.%s ORDER BY 1%s", columns, table, ways[way]);
      sqlite3_stmt    *rows = limn_database_prepare (database, order, NULL);

      while (rows != NULL && sqlite3_step (rows) == SQLITE_ROW)
        copy_row (rows, into);
      if (rows != NULL)
        sqlite3_reset (rows);
    }
}

static void
copy_numbers (LimnDatabase *database,
              const char   *table,
              const char   *columns)
{
  g_autofree char *one = g_strdup_printf ("INSERT OR IGNORE INTO main.%s (%s) SELECT %s FROM old.%s WHERE rowid = ?1", table, columns,
                                          columns, table);
  gint64           last = last_number (database, table);

  for (gint64 number = 1; number <= last; number++)
    limn_database_run (database, NULL, one, "i", number);
}

static gboolean
copy_table (LimnDatabase *database,
            gsize         i,
            GError      **error)
{
  g_autofree char *columns = common_columns (database, tables[i].name);

  if (columns == NULL)
    return TRUE;

  if (tables[i].by_number)
    copy_numbers (database, tables[i].name, columns);
  else
    copy_runs (database, tables[i].name, columns);
  return TRUE;
}

static gboolean
copy_all (LimnDatabase *database,
          gpointer      data,
          GError      **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!copy_table (database, i, error))
      return FALSE;

  return TRUE;
}

static GArray *
ask_numbers (LimnDatabase *database,
             const char   *sql,
             GError      **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = limn_database_prepare (database, sql, error);
  gboolean      row = statement != NULL;

  while (row)
    {
      gint64 number;

      if (!limn_database_step (database, statement, &row, error))
        return NULL;
      number = row ? sqlite3_column_int64 (statement, 0) : 0;
      if (row)
        g_array_append_val (numbers, number);
    }

  return statement ? g_steal_pointer (&numbers) : NULL;
}

static GBytes *
read_blob (LimnDatabase *database,
           gint64        id)
{
  sqlite3_stmt *statement = limn_database_prepare (database, "SELECT bytes FROM main.blobs WHERE picture = ?1", NULL);
  gboolean      row;
  GBytes       *bytes;

  sqlite3_bind_int64 (statement, 1, id);
  if (!limn_database_step (database, statement, &row, NULL) || !row)
    return NULL;

  bytes = g_bytes_new (sqlite3_column_blob (statement, 0), sqlite3_column_bytes (statement, 0));
  sqlite3_reset (statement);
  return bytes;
}

/* The file is there and what was known of it is not: the settings in it tell most of that again. */
static gboolean
remake_row (LimnDatabase *database,
            gint64        id,
            GError      **error)
{
  g_autoptr (GBytes) bytes = read_blob (database, id);
  g_autoptr (LimnIncoming) incoming = bytes ? limn_incoming_new (bytes, NULL, NULL) : NULL;
  const LimnRequest *request = incoming ? &incoming->request : NULL;

  if (request == NULL)
    return TRUE;

  return limn_database_run (database, error,
                            "INSERT OR IGNORE INTO pictures (id, created, width, height, format, size, hash, prompt, negative, seed)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CASE WHEN ?10 >= 0 THEN ?10 END)",
                            "iiiisibssi", id, g_get_real_time (), (gint64) incoming->width, (gint64) incoming->height, incoming->format,
                            (gint64) g_bytes_get_size (bytes), incoming->hash, request->prompt, request->negative, request->seed);
}

/* A picture stays if its bytes are those that were put in. */
static gboolean
check_picture (LimnDatabase *database,
               gint64        id,
               LimnSalvage  *result,
               GError      **error)
{
  g_autoptr (GBytes) bytes = read_blob (database, id);
  g_autoptr (GBytes) hash = bytes ? limn_hash (bytes) : NULL;
  gint64 same = 0;

  if (hash != NULL && !limn_database_integer (database, &same, error, "SELECT 1 FROM pictures WHERE id = ?1 AND hash = ?2", "ib", id, hash))
    return FALSE;

  result->pictures += same;
  result->lost += !same;
  return same ? limn_words_update (database, id, error) : limn_database_run (database, error, "DELETE FROM pictures WHERE id = ?1", "i", id);
}

static gboolean
remake_thumbnail (LimnDatabase *database,
                  gint64        id,
                  GError      **error)
{
  g_autoptr (GBytes) bytes = read_blob (database, id);
  g_autoptr (LimnIncoming) incoming = bytes ? limn_incoming_new (bytes, NULL, NULL) : NULL;

  return incoming == NULL
         || limn_database_run (database, error, "INSERT OR IGNORE INTO thumbnails (id, picture, size, bytes) VALUES (?1, ?2, 256, ?3)", "iib",
                               2 * id, id, incoming->small);
}

typedef gboolean (*RepairFunc) (LimnDatabase *database,
                                gint64        id,
                                GError      **error);

static gboolean
repair (LimnDatabase *database,
        const char   *sql,
        RepairFunc    func,
        GError      **error)
{
  g_autoptr (GArray) ids = ask_numbers (database, sql, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!func (database, g_array_index (ids, gint64, i), error))
      return FALSE;

  return ids != NULL;
}

static gboolean
put_in_order (LimnDatabase *database,
              gpointer      data,
              GError      **error)
{
  g_autoptr (GArray) ids = NULL;

  if (!repair (database, "SELECT picture FROM main.blobs WHERE picture NOT IN (SELECT id FROM main.pictures)", remake_row, error))
    return FALSE;

  ids = ask_numbers (database, "SELECT id FROM main.pictures", error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!check_picture (database, g_array_index (ids, gint64, i), data, error))
      return FALSE;

  return ids != NULL && limn_database_script (database, remove_orphans, error)
         && repair (database, "SELECT id FROM main.pictures WHERE 2 * id NOT IN (SELECT id FROM main.thumbnails)", remake_thumbnail, error);
}

/* The file is only read: also a log beside it stays as it is. With a schema that may be written, SQLite takes a file that is too short. */
static gboolean
fill (const char  *path,
      const char  *part,
      LimnSalvage *result,
      GError     **error)
{
  g_autoptr (LimnDatabase) database = limn_database_open (part, LIMN_DATABASE_WRITE, error);

  if (database == NULL)
    return FALSE;

  sqlite3_db_config (limn_database_handle (database), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (!limn_database_script (database, "PRAGMA foreign_keys = OFF; PRAGMA cell_size_check = OFF; PRAGMA writable_schema = ON", error)
      || !limn_database_run (database, error, "ATTACH ?1 AS old", "s", path))
    return FALSE;

  return limn_database_transaction (database, copy_all, NULL, error) && limn_database_script (database, "DETACH old", error)
         && limn_database_transaction (database, put_in_order, result, error)
         && limn_database_script (database, "PRAGMA writable_schema = RESET; PRAGMA foreign_keys = ON; PRAGMA wal_checkpoint (TRUNCATE)", error);
}

static void
remove_part (const char *part)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (part, ends[i], NULL);

      g_unlink (path);
    }
}

/* At every moment there is a library under @path: the damaged one gets a second name before it loses the first. */
static gboolean
put_in_place (const char *path,
              const char *part,
              const char *kept,
              GError    **error)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *kept_log = g_strconcat (kept, "-wal", NULL);
  g_autofree char *index = g_strconcat (path, "-shm", NULL);
  gboolean         ok = link (path, kept) == 0;

  if (ok && g_file_test (log, G_FILE_TEST_EXISTS))
    ok = g_rename (log, kept_log) == 0;
  if (ok)
    g_unlink (index);
  if (ok && g_rename (part, path) == 0)
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "%s: the saved library could not be put in its place: %s: it is %s",
               path, g_strerror (errno), part);
  return FALSE;
}

gboolean
limn_library_salvage (const char  *path,
                      LimnSalvage *result,
                      GError     **error)
{
  g_autofree char *part = g_strconcat (path, ".salvage", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *kept = g_strdup_printf ("%s.damaged-%s", path, time);

  *result = (LimnSalvage){ 0 };
  if (g_access (path, R_OK) != 0)
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND, "%s: cannot be read: %s", path, g_strerror (errno));
      return FALSE;
    }

  remove_part (part);
  if (!fill (path, part, result, error))
    {
      remove_part (part);
      return FALSE;
    }
  if (!put_in_place (path, part, kept, error))
    return FALSE;

  result->kept = g_steal_pointer (&kept);
  return TRUE;
}
