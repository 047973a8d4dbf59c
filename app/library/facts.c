/* Reading pictures from the library: their facts and their bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/library.h"

#include "app/library/connection.h"
#include "app/library/hash.h"
#include "app/library/thumbnail.h"

static void
free_texts (LimnFacts *facts)
{
  char *const texts[] = { facts->format, facts->hash, facts->name, facts->prompt, facts->negative, facts->model,
                          facts->model_hash, facts->sampler, facts->schedule, facts->request };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}

void
limn_facts_free (LimnFacts *facts)
{
  if (facts == NULL)
    return;

  free_texts (facts);
  g_strfreev (facts->tags);
  g_strfreev (facts->albums);
  g_strfreev (facts->loras);
  g_strfreev (facts->styles);
  g_clear_pointer (&facts->parents, g_array_unref);
  g_clear_pointer (&facts->children, g_array_unref);
  g_free (facts);
}

static char *
format_time (gint64 microseconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);

  return time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static void
write_numbers (LimnJsonWriter *writer,
               const char     *key,
               const GArray   *numbers)
{
  limn_json_writer_open (writer, key, '[');
  for (guint i = 0; i < numbers->len; i++)
    limn_json_writer_integer (writer, NULL, g_array_index (numbers, gint64, i));
  limn_json_writer_close (writer, ']');
}

/* Programs that list pictures count on some keys. */
static void
write_text (LimnJsonWriter *writer,
            const char     *key,
            const char     *value)
{
  if (value != NULL)
    limn_json_writer_string (writer, key, value);
  else
    limn_json_writer_null (writer, key);
}

static void
write_settings (const LimnFacts *facts,
                LimnJsonWriter  *writer)
{
  write_text (writer, "prompt", facts->prompt);
  write_text (writer, "negative_prompt", facts->negative);
  if (facts->seed >= 0)
    limn_json_writer_integer (writer, "seed", facts->seed);
  else
    limn_json_writer_null (writer, "seed");
  if (facts->steps >= 0)
    limn_json_writer_integer (writer, "steps", facts->steps);
  if (facts->guidance >= 0)
    limn_json_writer_real (writer, "guidance", facts->guidance);
  limn_json_writer_string (writer, "sampler", facts->sampler);
  limn_json_writer_string (writer, "schedule", facts->schedule);
  write_text (writer, "model", facts->model);
  limn_json_writer_string (writer, "model_hash", facts->model_hash);
}

void
limn_facts_write (const LimnFacts *facts,
                  const char      *key,
                  LimnJsonWriter  *writer)
{
  g_autofree char *created = format_time (facts->created);
  g_autofree char *trashed = facts->trashed ? format_time (facts->trashed) : NULL;

  limn_json_writer_open (writer, key, '{');
  limn_json_writer_integer (writer, "id", facts->id);
  limn_json_writer_string (writer, "created", created);
  limn_json_writer_integer (writer, "width", facts->width);
  limn_json_writer_integer (writer, "height", facts->height);
  limn_json_writer_string (writer, "format", facts->format);
  limn_json_writer_integer (writer, "bytes", facts->size);
  limn_json_writer_string (writer, "sha256", facts->hash);
  limn_json_writer_string (writer, "name", facts->name);
  write_settings (facts, writer);
  limn_json_writer_integer (writer, "rating", facts->rating);
  limn_json_writer_boolean (writer, "starred", facts->starred);
  limn_json_writer_string (writer, "trashed", trashed);
  limn_json_writer_strings (writer, "tags", (const char *const *) facts->tags);
  limn_json_writer_strings (writer, "albums", (const char *const *) facts->albums);
  limn_json_writer_strings (writer, "loras", (const char *const *) facts->loras);
  limn_json_writer_strings (writer, "styles", (const char *const *) facts->styles);
  write_numbers (writer, "parents", facts->parents);
  write_numbers (writer, "children", facts->children);
  limn_json_writer_close (writer, '}');
}

static gboolean
read_names (LimnDatabase *database,
            const char   *sql,
            gint64        id,
            char       ***names,
            GError      **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement = limn_database_prepare (database, sql, error);
  gboolean      row;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);
  do
    {
      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      if (row)
        g_strv_builder_add (builder, (const char *) sqlite3_column_text (statement, 0));
    }
  while (row);

  *names = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_numbers (LimnDatabase *database,
              const char   *sql,
              gint64        id,
              GArray      **numbers,
              GError      **error)
{
  sqlite3_stmt *statement = limn_database_prepare (database, sql, error);
  gboolean      row;

  if (statement == NULL)
    return FALSE;

  *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_bind_int64 (statement, 1, id);
  do
    {
      gint64 number;

      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      number = row ? sqlite3_column_int64 (statement, 0) : 0;
      if (row)
        g_array_append_val (*numbers, number);
    }
  while (row);

  return TRUE;
}

static char *
column_text (sqlite3_stmt *statement,
             int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static gint64
column_known (sqlite3_stmt *statement,
              int           column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL ? -1 : sqlite3_column_int64 (statement, column);
}

static LimnFacts *
read_row (sqlite3_stmt *row)
{
  LimnFacts *facts = g_new0 (LimnFacts, 1);

  facts->id = sqlite3_column_int64 (row, 0);
  facts->created = sqlite3_column_int64 (row, 1);
  facts->width = sqlite3_column_int (row, 2);
  facts->height = sqlite3_column_int (row, 3);
  facts->format = column_text (row, 4);
  facts->size = sqlite3_column_int64 (row, 5);
  facts->hash = limn_hash_format (sqlite3_column_blob (row, 6), sqlite3_column_bytes (row, 6));
  facts->name = column_text (row, 7);
  facts->rating = sqlite3_column_int (row, 8);
  facts->starred = sqlite3_column_int (row, 9);
  facts->trashed = sqlite3_column_int64 (row, 10);
  facts->has_mask = sqlite3_column_int (row, 11);
  facts->seed = column_known (row, 12);
  facts->steps = column_known (row, 13);
  facts->guidance = sqlite3_column_type (row, 14) == SQLITE_NULL ? -1 : sqlite3_column_double (row, 14);
  facts->sampler = column_text (row, 15);
  facts->schedule = column_text (row, 16);
  facts->model = column_text (row, 17);
  facts->model_hash = column_text (row, 18);
  facts->prompt = column_text (row, 19);
  facts->negative = column_text (row, 20);
  facts->request = column_text (row, 21);
  return facts;
}

static gboolean
read_lists (LimnDatabase *database,
            LimnFacts    *facts,
            GError      **error)
{
  return read_names (database, "SELECT name FROM picture_tags JOIN tags ON id = tag WHERE picture = ?1 ORDER BY name", facts->id,
                     &facts->tags, error)
         && read_names (database, "SELECT name FROM album_pictures JOIN albums ON id = album WHERE picture = ?1 ORDER BY name",
                        facts->id, &facts->albums, error)
         && read_names (database, "SELECT name FROM ingredients WHERE picture = ?1 AND kind = 'lora' ORDER BY name", facts->id,
                        &facts->loras, error)
         && read_names (database, "SELECT name FROM ingredients WHERE picture = ?1 AND kind = 'style' ORDER BY name", facts->id,
                        &facts->styles, error)
         && read_numbers (database, "SELECT DISTINCT parent FROM edges WHERE child = ?1 ORDER BY parent", facts->id, &facts->parents,
                          error)
         && read_numbers (database, "SELECT DISTINCT child FROM edges WHERE parent = ?1 ORDER BY child", facts->id, &facts->children,
                          error);
}

/* @facts becomes %NULL if there is no such picture. */
static gboolean
read_facts (LimnDatabase *database,
            gint64        id,
            LimnFacts   **facts,
            GError      **error)
{
  sqlite3_stmt *statement = limn_database_prepare (
      database,
      "SELECT p.id, created, width, height, format, size, p.hash, p.name, rating, starred, trashed, has_mask, seed, steps, guidance,"
      " sampler, schedule, m.name, nullif (m.hash, ''), prompt, negative, request"
      " FROM pictures AS p LEFT JOIN models AS m ON m.id = p.model WHERE p.id = ?1",
      error);
  g_autoptr (LimnFacts) found = NULL;
  gboolean row;

  *facts = NULL;
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);
  if (!limn_database_step (database, statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;

  found = read_row (statement);
  sqlite3_reset (statement);
  if (!read_lists (database, found, error))
    return FALSE;

  *facts = g_steal_pointer (&found);
  return TRUE;
}

typedef struct
{
  const gint64 *ids;
  gsize         n;
  GPtrArray    *facts;
} Reading;

static gboolean
read_all (LimnDatabase *database,
          gpointer      data,
          GError      **error)
{
  Reading *reading = data;

  for (gsize i = 0; i < reading->n; i++)
    {
      LimnFacts *facts;

      if (!read_facts (database, reading->ids[i], &facts, error))
        return FALSE;
      if (facts != NULL)
        g_ptr_array_add (reading->facts, facts);
    }

  return TRUE;
}

GPtrArray *
limn_library_facts_of (LimnLibrary  *library,
                       const gint64 *ids,
                       gsize         n,
                       GError      **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_facts_free);
  Reading reading = { ids, n, facts };

  return limn_library_read (library, read_all, &reading, error) ? g_steal_pointer (&facts) : NULL;
}

static gboolean
not_found (gint64   id,
           GError **error)
{
  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND,
               "picture %" G_GINT64_FORMAT ": is not in the library: see limn library list", id);
  return FALSE;
}

LimnFacts *
limn_library_facts (LimnLibrary *library,
                    gint64       id,
                    GError     **error)
{
  g_autoptr (GPtrArray) facts = limn_library_facts_of (library, &id, 1, error);

  if (facts == NULL)
    return NULL;
  if (facts->len == 0)
    {
      not_found (id, error);
      return NULL;
    }

  return g_ptr_array_steal_index (facts, 0);
}

typedef struct
{
  const char *sql;
  gint64      id;
  GBytes     *bytes;
} Fetch;

static gboolean
fetch_bytes (LimnDatabase *database,
             gpointer      data,
             GError      **error)
{
  Fetch        *fetch = data;
  sqlite3_stmt *statement = limn_database_prepare (database, fetch->sql, error);
  gboolean      row;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, fetch->id);
  if (!limn_database_step (database, statement, &row, error))
    return FALSE;
  if (row)
    fetch->bytes = g_bytes_new (sqlite3_column_blob (statement, 0), sqlite3_column_bytes (statement, 0));
  sqlite3_reset (statement);
  return TRUE;
}

GBytes *
limn_library_bytes (LimnLibrary *library,
                    gint64       id,
                    GError     **error)
{
  Fetch fetch = { .sql = "SELECT bytes FROM blobs WHERE picture = ?1", .id = id };

  if (limn_library_read (library, fetch_bytes, &fetch, error) && fetch.bytes == NULL)
    not_found (id, error);
  return fetch.bytes;
}

GBytes *
limn_library_thumbnail (LimnLibrary *library,
                        gint64       id,
                        int          size,
                        GError     **error)
{
  Fetch fetch = { .sql = "SELECT bytes FROM thumbnails WHERE id = ?1", .id = 2 * id + (size == LIMN_THUMBNAIL_LARGE) };

  if (!limn_library_read (library, fetch_bytes, &fetch, error))
    return NULL;
  if (fetch.bytes != NULL)
    return fetch.bytes;

  return limn_library_bytes (library, id, error);
}

typedef struct
{
  GBytes *hash;
  gint64  id;
} Search;

static gboolean
find_hash (LimnDatabase *database,
           gpointer      data,
           GError      **error)
{
  Search *search = data;

  return limn_database_integer (database, &search->id, error, "SELECT id FROM pictures WHERE hash = ?1", "b", search->hash);
}

gboolean
limn_library_find (LimnLibrary *library,
                   GBytes      *hash,
                   gint64      *id,
                   GError     **error)
{
  Search search = { .hash = hash };

  if (!limn_library_read (library, find_hash, &search, error))
    return FALSE;

  *id = search.id;
  return TRUE;
}
