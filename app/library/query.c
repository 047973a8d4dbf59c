/* The query language of the library: words and facets, made into SQL with values beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/query.h"

#include <string.h>

#include "app/library/query-facet.h"
#include "app/library/words.h"

static const char *const order_names[] = {
  [LIMN_ORDER_CREATED] = "created",
  [LIMN_ORDER_RATING] = "rating",
  [LIMN_ORDER_SIZE] = "size",
  [LIMN_ORDER_NAME] = "name",
  [LIMN_ORDER_ALBUM] = "album",
};

gboolean
limn_order_parse (const char *text,
                  LimnOrder  *order)
{
  order->descending = *text == '-';
  for (gsize i = 0; i < G_N_ELEMENTS (order_names); i++)
    if (g_str_equal (text + order->descending, order_names[i]))
      {
        order->by = i;
        return TRUE;
      }

  return FALSE;
}

void
limn_query_free (LimnQuery *query)
{
  g_free (query->sql);
  g_clear_pointer (&query->values, g_ptr_array_unref);
  g_free (query->wanted);
  g_free (query->unwanted);
  g_free (query);
}

/* A string of FTS5: its own quotes are doubled, nothing else means anything in it. A star takes all words that begin so. */
static void
append_phrase (GString *match,
               const char *
               operator,
               const LimnQueryTerm * term)
{
  glong length = g_utf8_strlen (term->value, -1);

  if (match->len > 0)
    g_string_append (match, operator);
  g_string_append_c (match, '"');
  for (const char *c = term->value; *c != '\0'; c++)
    if (*c == '"')
      g_string_append (match, "\"\"");
    else
      g_string_append_c (match, *c);
  g_string_append (match, term->quoted || length < 2 ? "\"" : "\"*");
}

/* Groups of three characters are what is kept of signs; fewer are the beginning of such a group. */
static void
add_signs (LimnQueryBuilder    *builder,
           const LimnQueryTerm *term)
{
  g_autofree char *folded = g_utf8_strdown (term->value, -1);
  g_autofree char *end = g_strconcat (folded, "\xf4\x8f\xbf\xbf", NULL);
  g_autoptr (GString) match = g_string_new (NULL);
  LimnQueryTerm exact = { .value = term->value, .quoted = TRUE };
  const char   *no = term->negated ? "NOT " : "";

  if (g_utf8_strlen (folded, -1) >= 3)
    {
      append_phrase (match, "", &exact);
      limn_query_builder_add (builder, "p.id %sIN (SELECT rowid FROM signs WHERE signs MATCH %s)", no,
                              limn_query_builder_text (builder, match->str));
      return;
    }

  limn_query_builder_add (builder, "p.id %sIN (SELECT doc FROM signs_terms WHERE term >= %s AND term < %s)", no,
                          limn_query_builder_text (builder, folded), limn_query_builder_text (builder, end));
}

static gboolean
has_letters (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isalnum (g_utf8_get_char (c)))
      return TRUE;

  return FALSE;
}

static gboolean
add_term (LimnQueryBuilder    *builder,
          const LimnQueryTerm *term,
          GString             *wanted,
          GString             *unwanted,
          GError             **error)
{
  if (term->key != NULL)
    return limn_query_add_facet (builder, term, error);
  if (limn_words_have_signs (term->value))
    {
      add_signs (builder, term);
      return TRUE;
    }
  if (has_letters (term->value))
    {
      append_phrase (term->negated ? unwanted : wanted, term->negated ? " OR " : " AND ", term);
      return TRUE;
    }

  g_set_error_literal (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY, "there is no letter and no digit in it");
  return FALSE;
}

/* What is in the trash comes only when asked for. */
static void
leave_out_trash (LimnQueryBuilder *builder,
                 const GPtrArray  *terms)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const LimnQueryTerm *term = terms->pdata[i];

      if (g_strcmp0 (term->key, "is") == 0 && g_ascii_strcasecmp (term->value, "trashed") == 0)
        return;
    }

  limn_query_builder_add (builder, "p.trashed IS NULL");
}

static const char *
first_album (const GPtrArray *terms)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const LimnQueryTerm *term = terms->pdata[i];

      if (g_strcmp0 (term->key, "album") == 0 && !term->negated)
        return term->value;
    }

  return NULL;
}

static char *
format_order (LimnQueryBuilder *builder,
              LimnOrder         order,
              const GPtrArray  *terms)
{
  const char *down = order.descending ? " DESC" : "";
  const char *album = order.by == LIMN_ORDER_ALBUM ? first_album (terms) : NULL;

  if (album != NULL)
    return g_strdup_printf ("(SELECT position FROM album_pictures JOIN albums AS a ON a.id = album WHERE picture = p.id AND a.name = %s)%s, p.id%s",
                            limn_query_builder_text (builder, album), down, down);
  if (order.by == LIMN_ORDER_RATING)
    return g_strdup_printf ("p.rating%s, p.created%s, p.id%s", down, down, down);
  if (order.by == LIMN_ORDER_SIZE)
    return g_strdup_printf ("p.width * p.height%s, p.created%s, p.id%s", down, down, down);
  if (order.by == LIMN_ORDER_NAME)
    return g_strdup_printf ("p.name IS NULL, p.name COLLATE NOCASE%s, p.id%s", down, down);

  return g_strdup_printf ("p.created%s, p.id%s", down, down);
}

/* Bytes are of no use to who reads a message. */
static void
say_where (const char *text,
           gsize       at,
           gsize      *position,
           GError    **error)
{
  glong characters = g_utf8_strlen (text, at);

  if (position != NULL)
    *position = characters;
  g_prefix_error (error, "query: character %ld: ", characters + 1);
}

LimnQuery *
limn_query_parse (const char *text,
                  LimnOrder   order,
                  gsize      *position,
                  GError    **error)
{
  gsize wrong;
  g_auto (LimnQueryBuilder) builder = { 0 };
  g_autoptr (GPtrArray) terms = limn_query_split (text, &wrong, error);
  g_autoptr (GString) wanted = g_string_new (NULL);
  g_autoptr (GString) unwanted = g_string_new (NULL);
  g_autofree char *by = NULL;
  LimnQuery       *query;

  limn_query_builder_init (&builder);
  for (guint i = 0; terms != NULL && i < terms->len; i++)
    {
      const LimnQueryTerm *term = terms->pdata[i];

      wrong = term->at;
      if (!add_term (&builder, term, wanted, unwanted, error))
        g_clear_pointer (&terms, g_ptr_array_unref);
    }
  if (terms == NULL)
    {
      say_where (text, wrong, position, error);
      return NULL;
    }

  leave_out_trash (&builder, terms);
  by = format_order (&builder, order, terms);
  query = limn_query_builder_end (&builder, by);
  query->wanted = wanted->len > 0 ? g_strdup (wanted->str) : NULL;
  query->unwanted = unwanted->len > 0 ? g_strdup (unwanted->str) : NULL;
  return query;
}
