/* Searching the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/search.h"

#include <string.h>

#include "app/library/connection.h"

typedef struct
{
  const LimnQuery *query;
  GArray          *ids;
} Search;

static void
bind_values (sqlite3_stmt    *statement,
             const GPtrArray *values)
{
  for (guint i = 0; i < values->len; i++)
    {
      GVariant *value = values->pdata[i];

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
        sqlite3_bind_int64 (statement, i + 1, g_variant_get_int64 (value));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
        sqlite3_bind_double (statement, i + 1, g_variant_get_double (value));
      else
        sqlite3_bind_text (statement, i + 1, g_variant_get_string (value, NULL), -1, SQLITE_TRANSIENT);
    }
}

/* Numbers of pictures, a bit each. */
typedef struct
{
  guint64 *words;
  gsize    n;
} Set;

static void
set_clear (Set *set)
{
  g_free (set->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

static void
set_add (Set   *set,
         gint64 id)
{
  gsize at = (gsize) id / 64;

  if (at >= set->n)
    {
      gsize n = MAX (at + 1, 2 * set->n);

      set->words = g_renew (guint64, set->words, n);
      memset (set->words + set->n, 0, (n - set->n) * sizeof *set->words);
      set->n = n;
    }
  set->words[at] |= G_GUINT64_CONSTANT (1) << (id % 64);
}

static gboolean
set_has (const Set *set,
         gint64     id)
{
  gsize at = (gsize) id / 64;

  return at < set->n && (set->words[at] >> (id % 64) & 1) != 0;
}

/*
 * Pictures whose words match. A common word is in most of them: joining these in SQL takes 50 to 120 ms where 100,000 pictures are, as the tree
 * it makes is larger than the index that is searched. This takes 10.
 */
static gboolean
match_words (LimnDatabase *database,
             const char   *match,
             Set          *set,
             GError      **error)
{
  sqlite3_stmt *statement = match ? limn_database_prepare (database, "SELECT rowid FROM words WHERE words MATCH ?1", error) : NULL;
  gboolean      row = statement != NULL;

  if (row)
    sqlite3_bind_text (statement, 1, match, -1, SQLITE_TRANSIENT);
  while (row)
    {
      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      if (row)
        set_add (set, sqlite3_column_int64 (statement, 0));
    }

  return match == NULL || statement != NULL;
}

/* Not kept like other statements: every query is another text. */
static gboolean
select_pictures (LimnDatabase *database,
                 Search       *search,
                 const Set    *wanted,
                 const Set    *unwanted,
                 GError      **error)
{
  const LimnQuery *query = search->query;
  sqlite3_stmt    *statement = NULL;
  int              result;

  if (sqlite3_prepare_v2 (limn_database_handle (database), query->sql, -1, &statement, NULL) != SQLITE_OK)
    return limn_database_fail (database, error);

  bind_values (statement, query->values);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      if ((query->wanted == NULL || set_has (wanted, id)) && !set_has (unwanted, id))
        g_array_append_val (search->ids, id);
    }

  if (result != SQLITE_DONE)
    limn_database_fail (database, error);
  sqlite3_finalize (statement);
  return result == SQLITE_DONE;
}

static gboolean
collect (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  Search *search = data;
  g_auto (Set) wanted = { 0 };
  g_auto (Set) unwanted = { 0 };

  return match_words (database, search->query->wanted, &wanted, error)
         && match_words (database, search->query->unwanted, &unwanted, error)
         && select_pictures (database, search, &wanted, &unwanted, error);
}

GArray *
limn_library_search (LimnLibrary *library,
                     const char  *text,
                     LimnOrder    order,
                     GError     **error)
{
  g_autoptr (LimnQuery) query = limn_query_parse (text, order, NULL, error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  Search search = { query, ids };

  if (query == NULL || !limn_library_read (library, collect, &search, error))
    return NULL;

  return g_steal_pointer (&ids);
}
