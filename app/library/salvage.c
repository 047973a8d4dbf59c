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
  { "timings", FALSE },
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

/* The damaged library has a connection of its own: nothing that is done to the new one can touch it. */
typedef struct
{
  sqlite3      *from;
  LimnDatabase *to;
} Copy;

static gint64
ask_damaged (sqlite3    *from,
             const char *format,
             const char *table)
{
  g_autofree char *sql = g_strdup_printf (format, table);
  sqlite3_stmt    *statement = NULL;
  gint64           number = 0;

  if (sqlite3_prepare_v2 (from, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

/* The largest number that can be known of: that of the sequence, or of the last row if there is a way to it. */
static gint64
last_number (sqlite3    *from,
             const char *table)
{
  gint64 last = ask_damaged (from, "SELECT rowid FROM %s ORDER BY rowid DESC LIMIT 1", table);
  gint64 own = ask_damaged (from, "SELECT seq FROM sqlite_sequence WHERE name = '%s'", table);
  gint64 pictures = ask_damaged (from, "SELECT seq FROM sqlite_sequence WHERE name = '%s'", "pictures");

  if (g_str_equal (table, "thumbnails"))
    own = 2 * pictures + 1;
  if (g_str_equal (table, "blobs"))
    own = pictures;
  return MAX (last, own);
}

/* Columns that both have, since the old one can be of an older version; and "?" as often. */
static void
find_columns (const Copy *copy,
              const char *table,
              GString    *columns,
              GString    *places)
{
  sqlite3_stmt *statement = limn_database_prepare (copy->to, "SELECT name FROM pragma_table_info (?1)", NULL);
  gboolean      row = statement != NULL;

  if (row)
    sqlite3_bind_text (statement, 1, table, -1, SQLITE_TRANSIENT);
  while (row && limn_database_step (copy->to, statement, &row, NULL) && row)
    {
      const char *name = (const char *) sqlite3_column_text (statement, 0);

      if (sqlite3_table_column_metadata (copy->from, NULL, table, name, NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
        continue;
      g_string_append_printf (columns, "%s%s", columns->len > 0 ? "," : "", name);
      g_string_append (places, places->len > 0 ? ",?" : "?");
    }
}

/* Rows as far as they can be read; those that are there already stay. */
static void
copy_rows (sqlite3_stmt *rows,
           sqlite3_stmt *into)
{
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (rows); i++)
        sqlite3_bind_value (into, i + 1, sqlite3_column_value (rows, i));
      sqlite3_step (into);
      sqlite3_reset (into);
    }
  sqlite3_reset (rows);
}

static void
copy_selected (const Copy   *copy,
               const char   *select,
               sqlite3_stmt *into,
               gint64        last)
{
  sqlite3_stmt *rows = NULL;

  if (sqlite3_prepare_v2 (copy->from, select, -1, &rows, NULL) != SQLITE_OK)
    return;

  if (last < 0)
    copy_rows (rows, into);
  for (gint64 number = 1; number <= last; number++)
    {
      sqlite3_bind_int64 (rows, 1, number);
      copy_rows (rows, into);
    }
  sqlite3_finalize (rows);
}

/* Rows without numbers: as far as it goes from the beginning, and from the end. */
static void
copy_table (const Copy *copy,
            gsize       i)
{
  const char *table = tables[i].name;
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) places = g_string_new (NULL);
  g_autofree char *insert = NULL, *by_number = NULL, *up = NULL, *down = NULL;
  sqlite3_stmt    *into;

  find_columns (copy, table, columns, places);
  insert = g_strdup_printf ("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table, columns->str, places->str);
  by_number = g_strdup_printf ("SELECT %s FROM %s WHERE rowid = ?1", columns->str, table);
  up = g_strdup_printf ("SELECT %s FROM %s ORDER BY 1", columns->str, table);
  down = g_strdup_printf ("SELECT %s FROM %s ORDER BY 1 DESC", columns->str, table);

  into = columns->len > 0 ? limn_database_prepare (copy->to, insert, NULL) : NULL;
  if (into == NULL)
    return;
  if (tables[i].by_number)
    {
      copy_selected (copy, by_number, into, last_number (copy->from, table));
      return;
    }
  copy_selected (copy, up, into, -1);
  copy_selected (copy, down, into, -1);
}

static gboolean
copy_all (LimnDatabase *database,
          gpointer      data,
          GError      **error)
{
  Copy copy = { data, database };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    copy_table (&copy, i);

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
  sqlite3_stmt *statement = limn_database_prepare (database, "SELECT bytes FROM blobs WHERE picture = ?1", NULL);
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

  if (!repair (database, "SELECT picture FROM blobs WHERE picture NOT IN (SELECT id FROM pictures)", remake_row, error))
    return FALSE;

  ids = ask_numbers (database, "SELECT id FROM pictures", error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!check_picture (database, g_array_index (ids, gint64, i), data, error))
      return FALSE;

  return ids != NULL && limn_database_script (database, remove_orphans, error)
         && repair (database, "SELECT id FROM pictures WHERE 2 * id NOT IN (SELECT id FROM thumbnails)", remake_thumbnail, error);
}

/* Only for reading. With a schema that may be written, SQLite takes a file that is too short for what its beginning says. */
static sqlite3 *
open_damaged (const char *path,
              GError    **error)
{
  sqlite3 *from = NULL;

  if (sqlite3_open_v2 (path, &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
      && sqlite3_exec (from, "PRAGMA writable_schema = ON", NULL, NULL, NULL) == SQLITE_OK
      && ask_damaged (from, "SELECT count (*) FROM %s", "sqlite_schema") > 0)
    return from;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_DAMAGED, "%s: its beginning is destroyed, so nothing can be read: get a copy of it", path);
  sqlite3_close (from);
  return NULL;
}

static gboolean
fill (sqlite3     *from,
      const char  *part,
      LimnSalvage *result,
      GError     **error)
{
  g_autoptr (LimnDatabase) database = limn_database_open (part, LIMN_DATABASE_WRITE, error);

  return database != NULL && limn_database_script (database, "PRAGMA foreign_keys = OFF", error)
         && limn_database_transaction (database, copy_all, from, error)
         && limn_database_transaction (database, put_in_order, result, error)
         && limn_database_script (database, "PRAGMA foreign_keys = ON; PRAGMA wal_checkpoint (TRUNCATE)", error);
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
  sqlite3         *from;
  gboolean         filled;

  *result = (LimnSalvage){ 0 };
  if (g_access (path, R_OK) != 0)
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND, "%s: cannot be read: %s", path, g_strerror (errno));
      return FALSE;
    }

  from = open_damaged (path, error);
  if (from == NULL)
    return FALSE;

  remove_part (part);
  filled = fill (from, part, result, error);
  sqlite3_close (from);
  if (!filled)
    {
      remove_part (part);
      return FALSE;
    }
  if (!put_in_place (path, part, kept, error))
    return FALSE;

  result->kept = g_steal_pointer (&kept);
  return TRUE;
}
