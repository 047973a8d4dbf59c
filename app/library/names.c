/* Names in the library: facets with their counts, albums, saved searches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/library.h"

#include "app/library/connection.h"

static const char *const name_queries[] = {
  [LIMN_NAMES_TAGS] = "SELECT name, (SELECT count (*) FROM picture_tags JOIN pictures AS p ON p.id = picture"
                      " WHERE tag = tags.id AND trashed IS NULL) FROM tags ORDER BY name",
  [LIMN_NAMES_ALBUMS] = "SELECT name, (SELECT count (*) FROM album_pictures JOIN pictures AS p ON p.id = picture"
                        " WHERE album = albums.id AND trashed IS NULL) FROM albums ORDER BY name",
  [LIMN_NAMES_MODELS] = "SELECT m.name, count (p.id) FROM models AS m LEFT JOIN pictures AS p ON p.model = m.id AND trashed IS NULL"
                        " GROUP BY m.name ORDER BY m.name",
  [LIMN_NAMES_SAMPLERS] = "SELECT sampler, count (*) FROM pictures WHERE sampler IS NOT NULL AND trashed IS NULL"
                          " GROUP BY sampler ORDER BY sampler",
  [LIMN_NAMES_LORAS] = "SELECT i.name, count (p.id) FROM ingredients AS i LEFT JOIN pictures AS p ON p.id = picture AND trashed IS NULL"
                       " WHERE kind = 'lora' GROUP BY i.name ORDER BY i.name",
  [LIMN_NAMES_STYLES] = "SELECT i.name, count (p.id) FROM ingredients AS i LEFT JOIN pictures AS p ON p.id = picture AND trashed IS NULL"
                        " WHERE kind = 'style' GROUP BY i.name ORDER BY i.name",
};

static void
name_free (LimnName *name)
{
  g_free (name->name);
  g_free (name);
}

static void
saved_search_free (LimnSavedSearch *search)
{
  g_free (search->name);
  g_free (search->query);
  g_free (search);
}

typedef struct
{
  const char *sql;
  gpointer (*read) (sqlite3_stmt *row);
  GPtrArray *rows;
} Listing;

static gpointer
read_name (sqlite3_stmt *row)
{
  LimnName *name = g_new (LimnName, 1);

  *name = (LimnName){ g_strdup ((const char *) sqlite3_column_text (row, 0)), sqlite3_column_int64 (row, 1) };
  return name;
}

static gpointer
read_search (sqlite3_stmt *row)
{
  LimnSavedSearch *search = g_new (LimnSavedSearch, 1);

  *search = (LimnSavedSearch){ g_strdup ((const char *) sqlite3_column_text (row, 0)),
                               g_strdup ((const char *) sqlite3_column_text (row, 1)) };
  return search;
}

static gboolean
list_rows (LimnDatabase *database,
           gpointer      data,
           GError      **error)
{
  Listing      *listing = data;
  sqlite3_stmt *statement = limn_database_prepare (database, listing->sql, error);
  gboolean      row = statement != NULL;

  while (row)
    {
      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      if (row)
        g_ptr_array_add (listing->rows, listing->read (statement));
    }

  return statement != NULL;
}

GPtrArray *
limn_library_names (LimnLibrary *library,
                    LimnNameKind kind,
                    GError     **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func ((GDestroyNotify) name_free);
  Listing listing = { name_queries[kind], read_name, names };

  return limn_library_read (library, list_rows, &listing, error) ? g_steal_pointer (&names) : NULL;
}

GPtrArray *
limn_library_saved_searches (LimnLibrary *library,
                             GError     **error)
{
  g_autoptr (GPtrArray) searches = g_ptr_array_new_with_free_func ((GDestroyNotify) saved_search_free);
  Listing listing = { "SELECT name, query FROM saved_searches ORDER BY name", read_search, searches };

  return limn_library_read (library, list_rows, &listing, error) ? g_steal_pointer (&searches) : NULL;
}

static gpointer
read_text (sqlite3_stmt *row)
{
  return g_strdup ((const char *) sqlite3_column_text (row, 0));
}

char **
limn_library_prompts (LimnLibrary *library,
                      guint        most,
                      GError     **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) prompts = g_strv_builder_new ();
  Listing listing = { "SELECT prompt FROM (SELECT prompt, created FROM (SELECT prompt, created FROM pictures WHERE trashed IS NULL ORDER BY created DESC LIMIT 5000)"
                      " UNION ALL SELECT json_extract (request, '$.prompt'), created FROM jobs WHERE state <> 'done')"
                      " WHERE prompt <> '' ORDER BY created DESC",
                      read_text, rows };

  if (!limn_library_read (library, list_rows, &listing, error))
    return NULL;
  for (guint i = 0; i < rows->len && g_hash_table_size (known) < most; i++)
    if (g_hash_table_add (known, rows->pdata[i]))
      g_strv_builder_add (prompts, rows->pdata[i]);
  return g_strv_builder_end (prompts);
}

/* A change to something with a name, which has to be there. */
typedef struct
{
  const char *sql, *what, *name, *other;
  gint64      id, before;
} Change;

static gboolean
was_there (LimnDatabase *database,
           const Change *change,
           GError      **error)
{
  if (limn_database_changes (database) > 0)
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND, "%s \"%s\": is not in the library", change->what,
               change->name);
  return FALSE;
}

static gboolean
apply_change (LimnDatabase *database,
              gpointer      data,
              GError      **error)
{
  const Change *change = data;
  gboolean      two = change->other != NULL;

  return limn_database_run (database, error, change->sql, two ? "ss" : "s", change->name, change->other)
         && was_there (database, change, error);
}

static gboolean
change_names (LimnLibrary *library,
              Change      *change,
              GError     **error)
{
  if (!limn_library_write (library, apply_change, change, error))
    return FALSE;

  limn_library_tell (library, LIMN_LIBRARY_EDITED, NULL, 0);
  return TRUE;
}

gboolean
limn_library_rename_album (LimnLibrary *library,
                           const char  *name,
                           const char  *to,
                           GError     **error)
{
  Change change = { .sql = "UPDATE albums SET name = ?2 WHERE name = ?1", .what = "album", .name = name, .other = to };

  return change_names (library, &change, error);
}

gboolean
limn_library_remove_album (LimnLibrary *library,
                           const char  *name,
                           GError     **error)
{
  Change change = { .sql = "DELETE FROM albums WHERE name = ?1", .what = "album", .name = name };

  return change_names (library, &change, error);
}

static gboolean
save_search (LimnDatabase *database,
             gpointer      data,
             GError      **error)
{
  const Change *change = data;

  return limn_database_run (database, error,
                            "INSERT INTO saved_searches (name, query, created) VALUES (?1, ?2, ?3)"
                            " ON CONFLICT (name) DO UPDATE SET query = excluded.query",
                            "ssi", change->name, change->other, g_get_real_time ());
}

gboolean
limn_library_save_search (LimnLibrary *library,
                          const char  *name,
                          const char  *query,
                          GError     **error)
{
  Change change = { .sql = "DELETE FROM saved_searches WHERE name = ?1", .what = "saved search", .name = name, .other = query };

  return limn_library_write (library, query ? save_search : apply_change, &change, error);
}

/* Positions are made whole numbers each time: albums are small, and halves of halves run out of digits. */
static gboolean
move_picture (LimnDatabase *database,
              gpointer      data,
              GError      **error)
{
  const Change     *change = data;
  static const char album[] = "UPDATE album_pictures SET position = ifnull ((SELECT position FROM album_pictures AS b WHERE b.album = album_pictures.album"
                              " AND b.picture = ?3) - 0.5, 1e15) WHERE album = (SELECT id FROM albums WHERE name = ?1) AND picture = ?2";
  static const char numbers[] = "UPDATE album_pictures SET position = r.n FROM (SELECT album AS a, picture AS p, row_number () OVER (ORDER BY position, picture) AS n"
                                " FROM album_pictures WHERE album = (SELECT id FROM albums WHERE name = ?1)) AS r WHERE album = r.a AND picture = r.p";

  return limn_database_run (database, error, album, "sii", change->name, change->id, change->before)
         && was_there (database, change, error)
         && limn_database_run (database, error, numbers, "s", change->name);
}

gboolean
limn_library_move_in_album (LimnLibrary *library,
                            const char  *album,
                            gint64       id,
                            gint64       before,
                            GError     **error)
{
  Change change = { .what = "picture of album", .name = album, .id = id, .before = before };

  if (!limn_library_write (library, move_picture, &change, error))
    return FALSE;

  limn_library_tell (library, LIMN_LIBRARY_EDITED, &id, 1);
  return TRUE;
}
