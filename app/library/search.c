/* Searching the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/search.h"

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

/* Not kept like other statements: every query is another text. */
static gboolean
collect (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  Search       *search = data;
  sqlite3_stmt *statement = NULL;
  int           result;

  if (sqlite3_prepare_v2 (limn_database_handle (database), search->query->sql, -1, &statement, NULL) != SQLITE_OK)
    return limn_database_fail (database, error);

  bind_values (statement, search->query->values);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (search->ids, id);
    }

  if (result != SQLITE_DONE)
    limn_database_fail (database, error);
  sqlite3_finalize (statement);
  return result == SQLITE_DONE;
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
