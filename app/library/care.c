/* Copies, checks and numbers of a library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/care.h"

#include <glib/gstdio.h>
#include <errno.h>

#include "app/library/connection.h"
#include "app/library/hash.h"
#include "app/picture-file.h"

#define PAGES_A_STEP 2048

char *
limn_library_default_path (void)
{
  return limn_database_place ();
}

static gboolean
copy_pages (LimnDatabase *from,
            sqlite3      *to,
            GCancellable *cancellable,
            GError      **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", limn_database_handle (from), "main");
  int             result = SQLITE_OK;

  while (backup != NULL && !g_cancellable_is_cancelled (cancellable)
         && ((result = sqlite3_backup_step (backup, PAGES_A_STEP)) == SQLITE_OK || result == SQLITE_BUSY))
    if (result == SQLITE_BUSY)
      g_usleep (10000);
  if (backup != NULL)
    sqlite3_backup_finish (backup);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (result == SQLITE_DONE)
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, (result & 0xff) == SQLITE_FULL ? LIMN_LIBRARY_ERROR_FULL : LIMN_LIBRARY_ERROR_FAILED,
               "backup: %s: choose another place", sqlite3_errmsg (to));
  return FALSE;
}

static gboolean
copy_to (const char   *source,
         const char   *part,
         GCancellable *cancellable,
         GError      **error)
{
  g_autoptr (LimnDatabase) from = limn_database_open (source, LIMN_DATABASE_READ, error);
  sqlite3 *to = NULL;
  gboolean ok;

  if (from == NULL)
    return FALSE;

  if (sqlite3_open_v2 (part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "%s: cannot be written: choose another place", part);
      sqlite3_close (to);
      return FALSE;
    }

  /* A copy is one file: a log beside it would be left behind when it is carried away. */
  ok = copy_pages (from, to, cancellable, error);
  if (ok && sqlite3_exec (to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
    ok = copy_pages (from, to, cancellable, error);
  sqlite3_close (to);
  return ok;
}

gboolean
limn_library_backup (LimnLibrary  *library,
                     const char   *path,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *own = g_canonicalize_filename (limn_library_path (library), NULL);
  g_autofree char *other = g_canonicalize_filename (path, NULL);

  if (g_str_equal (own, other))
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "%s: is the library itself: choose another place", shown);
      return FALSE;
    }

  g_unlink (part);
  if (!copy_to (limn_library_path (library), part, cancellable, error))
    {
      g_unlink (part);
      return FALSE;
    }
  if (g_rename (part, path) == 0)
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "%s: cannot be written: %s", shown, g_strerror (errno));
  g_unlink (part);
  return FALSE;
}

typedef struct
{
  LimnCheckFunc func;
  gpointer      data;
  gint64        checked;
  GCancellable *cancellable;
} Check;

static void G_GNUC_PRINTF (2, 3)
    complain (Check      *check,
              const char *format,
              ...)
{
  va_list          arguments;
  g_autofree char *line = NULL;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strdelimit (line, "\n\r", ' ');
  check->func (line, check->data);
}

/* Each: what is asked of the database, and what its rows are; they have a number first, or a text alone. */
static const struct
{
  const char *sql, *what;
} rules[] = {
  { "PRAGMA integrity_check (100)", NULL },
  { "SELECT rowid FROM pragma_foreign_key_check", "row %" G_GINT64_FORMAT ": belongs to something that is not there" },
  { "SELECT id FROM pictures WHERE id NOT IN (SELECT picture FROM blobs)", "picture %" G_GINT64_FORMAT ": has lost its file" },
  { "SELECT id FROM pictures WHERE 2 * id NOT IN (SELECT id FROM thumbnails)", "picture %" G_GINT64_FORMAT ": has no thumbnail" },
  { "SELECT id FROM pictures WHERE id NOT IN (SELECT rowid FROM words)", "picture %" G_GINT64_FORMAT ": is not found by its words" },
  { "SELECT id FROM jobs WHERE state = 'done' AND latent IS NOT NULL", "job %" G_GINT64_FORMAT ": is done and has a half-made picture" },
};

static gboolean
check_rule (LimnDatabase *database,
            Check        *check,
            gsize         i,
            GError      **error)
{
  sqlite3_stmt *statement = limn_database_prepare (database, rules[i].sql, error);
  gboolean      row = statement != NULL;

  while (row)
    {
      const char *text;

      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      if (row && rules[i].what != NULL)
        complain (check, rules[i].what, (gint64) sqlite3_column_int64 (statement, 0));
      text = row && rules[i].what == NULL ? (const char *) sqlite3_column_text (statement, 0) : NULL;
      if (text != NULL && !g_str_equal (text, "ok"))
        complain (check, "database: %s", text);
    }

  return statement != NULL;
}

static void
check_picture (Check        *check,
               sqlite3_stmt *row)
{
  gint64           id = sqlite3_column_int64 (row, 0);
  g_autofree char *name = g_strdup_printf ("picture %" G_GINT64_FORMAT, id);
  g_autoptr (GBytes) bytes = g_bytes_new (sqlite3_column_blob (row, 4), sqlite3_column_bytes (row, 4));
  g_autoptr (GBytes) hash = limn_hash (bytes);
  g_autoptr (GBytes) said = g_bytes_new (sqlite3_column_blob (row, 3), sqlite3_column_bytes (row, 3));
  g_autoptr (GError) why = NULL;
  g_autoptr (LimnPicture) picture = limn_picture_read (bytes, name, LIMN_PICTURE_PIXELS, &why);

  check->checked++;
  if (!g_bytes_equal (hash, said))
    complain (check, "%s: does not match its hash", name);
  if (picture == NULL)
    complain (check, "%s", why->message);
  else if (picture->width != sqlite3_column_int (row, 1) || picture->height != sqlite3_column_int (row, 2))
    complain (check, "%s: is %dx%d, not the size that is written down", name, picture->width, picture->height);
}

static gboolean
check_pictures (LimnDatabase *database,
                Check        *check,
                GError      **error)
{
  sqlite3_stmt *statement = limn_database_prepare (
      database, "SELECT id, width, height, hash, bytes FROM pictures JOIN blobs ON picture = id ORDER BY id", error);
  gboolean row = statement != NULL;

  while (row)
    {
      if (g_cancellable_set_error_if_cancelled (check->cancellable, error) || !limn_database_step (database, statement, &row, error))
        return FALSE;
      if (row)
        check_picture (check, statement);
    }

  return statement != NULL;
}

static gboolean
check_all (LimnDatabase *database,
           gpointer      data,
           GError      **error)
{
  Check *check = data;

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (!check_rule (database, check, i, error))
      return FALSE;

  return check_pictures (database, check, error);
}

gboolean
limn_library_check (LimnLibrary  *library,
                    LimnCheckFunc func,
                    gpointer      data,
                    gint64       *checked,
                    GCancellable *cancellable,
                    GError      **error)
{
  Check    check = { func, data, 0, cancellable };
  gboolean ok = limn_library_read (library, check_all, &check, error);

  *checked = check.checked;
  return ok;
}

static const struct
{
  const char *sql;
  gsize       offset;
} counts[] = {
  { "SELECT count (*) FROM pictures", G_STRUCT_OFFSET (LimnLibraryStats, pictures) },
  { "SELECT count (*) FROM pictures WHERE trashed IS NOT NULL", G_STRUCT_OFFSET (LimnLibraryStats, trashed) },
  { "SELECT count (*) FROM pictures WHERE starred", G_STRUCT_OFFSET (LimnLibraryStats, starred) },
  { "SELECT count (*) FROM pictures WHERE rating > 0", G_STRUCT_OFFSET (LimnLibraryStats, rated) },
  { "SELECT count (*) FROM tags", G_STRUCT_OFFSET (LimnLibraryStats, tags) },
  { "SELECT count (*) FROM albums", G_STRUCT_OFFSET (LimnLibraryStats, albums) },
  { "SELECT count (*) FROM saved_searches", G_STRUCT_OFFSET (LimnLibraryStats, searches) },
  { "SELECT count (*) FROM edges", G_STRUCT_OFFSET (LimnLibraryStats, edges) },
  { "SELECT count (*) FROM jobs", G_STRUCT_OFFSET (LimnLibraryStats, jobs) },
  { "SELECT sum (size) FROM pictures", G_STRUCT_OFFSET (LimnLibraryStats, picture_bytes) },
  { "SELECT sum (length (bytes)) FROM thumbnails", G_STRUCT_OFFSET (LimnLibraryStats, thumbnail_bytes) },
  { "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", G_STRUCT_OFFSET (LimnLibraryStats, file_bytes) },
  { "SELECT min (created) FROM pictures", G_STRUCT_OFFSET (LimnLibraryStats, first) },
  { "SELECT max (created) FROM pictures", G_STRUCT_OFFSET (LimnLibraryStats, last) },
};

static gboolean
count_all (LimnDatabase *database,
           gpointer      data,
           GError      **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    if (!limn_database_integer (database, G_STRUCT_MEMBER_P (data, counts[i].offset), error, counts[i].sql, ""))
      return FALSE;

  return TRUE;
}

gboolean
limn_library_stats (LimnLibrary      *library,
                    LimnLibraryStats *stats,
                    GError          **error)
{
  *stats = (LimnLibraryStats){ 0 };
  return limn_library_read (library, count_all, stats, error);
}
