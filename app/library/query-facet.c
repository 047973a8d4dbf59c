/* Conditions of a query that name a facet: numbers, names, dates, sizes, marks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/query-facet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/number.h"
#include "app/sampler-names.h"

void
limn_query_builder_init (LimnQueryBuilder *builder)
{
  builder->conditions = g_string_new (NULL);
  builder->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  builder->names = g_ptr_array_new_with_free_func (g_free);
}

void
limn_query_builder_clear (LimnQueryBuilder *builder)
{
  g_string_free (builder->conditions, TRUE);
  g_ptr_array_unref (builder->values);
  g_ptr_array_unref (builder->names);
}

void
limn_query_builder_add (LimnQueryBuilder *builder,
                        const char       *format,
                        ...)
{
  va_list arguments;

  if (builder->conditions->len > 0)
    g_string_append (builder->conditions, " AND ");
  va_start (arguments, format);
  g_string_append_vprintf (builder->conditions, format, arguments);
  va_end (arguments);
}

static const char *
add_value (LimnQueryBuilder *builder,
           GVariant         *value)
{
  g_ptr_array_add (builder->values, g_variant_ref_sink (value));
  g_ptr_array_add (builder->names, g_strdup_printf ("?%u", builder->values->len));
  return builder->names->pdata[builder->names->len - 1];
}

const char *
limn_query_builder_text (LimnQueryBuilder *builder,
                         const char       *value)
{
  return add_value (builder, g_variant_new_string (value));
}

const char *
limn_query_builder_integer (LimnQueryBuilder *builder,
                            gint64            value)
{
  return add_value (builder, g_variant_new_int64 (value));
}

const char *
limn_query_builder_real (LimnQueryBuilder *builder,
                         double            value)
{
  return add_value (builder, g_variant_new_double (value));
}

LimnQuery *
limn_query_builder_end (LimnQueryBuilder *builder,
                        const char       *order)
{
  LimnQuery *query = g_new0 (LimnQuery, 1);

  query->sql = g_strdup_printf ("SELECT p.id FROM pictures AS p WHERE %s ORDER BY %s",
                                builder->conditions->len > 0 ? builder->conditions->str : "1", order);
  query->values = g_ptr_array_ref (builder->values);
  return query;
}

typedef struct _Facet Facet;

/* @sql: what comes before the comparison, or around it */
struct _Facet
{
  const char *key;
  gboolean (*add) (LimnQueryBuilder    *builder,
                   const Facet         *facet,
                   const LimnQueryTerm *term,
                   GError             **error);
  const char *sql;
};

static gboolean
fail (GError    **error,
      const char *format,
      const char *value)
{
  g_autofree char *why = g_strdelimit (g_strdup_printf (format, value), "\n\r", ' ');

  g_set_error_literal (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY, why);
  return FALSE;
}

/* @facet->sql has one %s, for the value. */
static void
add_condition (LimnQueryBuilder    *builder,
               const LimnQueryTerm *term,
               const char          *sql,
               const char          *value)
{
  g_auto (GStrv) parts = g_strsplit (sql, "%s", 2);

  /* "IS NOT TRUE", since what is not known is not so either. Without it an index can be used. */
  limn_query_builder_add (builder, "(%s%s%s)%s", parts[0], value, parts[1] ? parts[1] : "", term->negated ? " IS NOT TRUE" : "");
}

static gboolean
add_name (LimnQueryBuilder    *builder,
          const Facet         *facet,
          const LimnQueryTerm *term,
          GError             **error)
{
  add_condition (builder, term, facet->sql, limn_query_builder_text (builder, term->value));
  return TRUE;
}

/* Anywhere in the name; what LIKE takes for a wildcard is escaped. */
static gboolean
add_part (LimnQueryBuilder    *builder,
          const Facet         *facet,
          const LimnQueryTerm *term,
          GError             **error)
{
  g_autoptr (GString) pattern = g_string_new ("%");

  for (const char *c = term->value; *c != '\0'; c++)
    {
      if (strchr ("%_\\", *c) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *c);
    }
  g_string_append_c (pattern, '%');

  add_condition (builder, term, facet->sql, limn_query_builder_text (builder, pattern->str));
  return TRUE;
}

static gboolean
add_sampler (LimnQueryBuilder    *builder,
             const Facet         *facet,
             const LimnQueryTerm *term,
             GError             **error)
{
  const char *sampler = NULL, *schedule = NULL;

  limn_sampler_names_parse (term->value, &sampler, &schedule);
  add_condition (builder, term, facet->sql, limn_query_builder_text (builder, sampler ? sampler : term->value));
  return TRUE;
}

/* Longest first, so that "<=" is not taken for "<". */
static const char *const comparisons[] = { ">=", "<=", ">", "<", "=" };

static const char *
split_comparison (const char **value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (g_str_has_prefix (*value, comparisons[i]))
      {
        *value += strlen (comparisons[i]);
        return comparisons[i];
      }

  return "=";
}

/* Seeds have more digits than doubles. Returns: (nullable): the name of the value */
static const char *
number_value (LimnQueryBuilder *builder,
              const char       *text)
{
  gint64 integer;
  double real;

  if (limn_number_parse_integer (text, &integer))
    return limn_query_builder_integer (builder, integer);
  if (limn_number_parse_real (text, &real))
    return limn_query_builder_real (builder, real);
  return NULL;
}

static gboolean
add_range (LimnQueryBuilder    *builder,
           const Facet         *facet,
           const LimnQueryTerm *term)
{
  g_auto (GStrv) ends = g_strsplit (term->value, "..", 2);
  const char      *least = ends[1] ? number_value (builder, ends[0]) : NULL;
  const char      *most = least ? number_value (builder, ends[1]) : NULL;
  g_autofree char *sql = NULL;

  if (most == NULL)
    return FALSE;

  sql = g_strdup_printf ("%s BETWEEN %s AND %%s", facet->sql, least);
  add_condition (builder, term, sql, most);
  return TRUE;
}

static gboolean
add_number (LimnQueryBuilder    *builder,
            const Facet         *facet,
            const LimnQueryTerm *term,
            GError             **error)
{
  const char      *text = term->value;
  const char      *comparison = split_comparison (&text);
  const char      *value = strstr (text, "..") ? NULL : number_value (builder, text);
  g_autofree char *sql = g_strdup_printf ("%s %s %%s", facet->sql, comparison);

  if (value == NULL)
    return add_range (builder, facet, term)
           || fail (error, "\"%s\" is no number: write 3, >=3, <10 or 3..5", term->value);

  add_condition (builder, term, sql, value);
  return TRUE;
}

static gboolean
add_size (LimnQueryBuilder    *builder,
          const Facet         *facet,
          const LimnQueryTerm *term,
          GError             **error)
{
  const char      *text = term->value;
  const char      *comparison = split_comparison (&text);
  gint64           width, height;
  g_autofree char *sql = NULL;

  if (!limn_number_parse_size (text, &width, &height))
    return fail (error, "\"%s\" is no size: write 512x768 or >=512x768", term->value);

  sql = g_strdup_printf ("p.width %s %s AND p.height %s %%s", comparison, limn_query_builder_integer (builder, width), comparison);
  add_condition (builder, term, sql, limn_query_builder_integer (builder, height));
  return TRUE;
}

/* 2026, 2026-05 or 2026-05-31. @end: of that time, not included */
static gboolean
parse_date (const char *text,
            gint64     *begin,
            gint64     *end)
{
  int      year, month = 1, day = 1, length = 0;
  int      n = 0;
  gboolean whole;

  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isdigit (*c) && *c != '-')
      return FALSE;
  if (strlen (text) > 10 || !g_ascii_isdigit (*text))
    return FALSE;

  n = sscanf (text, "%4d%n-%2d%n-%2d%n", &year, &length, &month, &length, &day, &length);
  whole = n >= 1 && text[length] == '\0' && month > 0 && day > 0;
  if (whole)
    {
      g_autoptr (GDateTime) from = g_date_time_new_local (year, month, day, 0, 0, 0);
      g_autoptr (GDateTime) to = from ? g_date_time_add_full (from, n == 1, n == 2, n == 3, 0, 0, 0) : NULL;

      if (to == NULL)
        return FALSE;
      *begin = g_date_time_to_unix (from) * G_USEC_PER_SEC;
      *end = g_date_time_to_unix (to) * G_USEC_PER_SEC;
    }
  return whole;
}

static gboolean
add_date (LimnQueryBuilder    *builder,
          const Facet         *facet,
          const LimnQueryTerm *term,
          GError             **error)
{
  gint64           begin, end;
  gboolean         on = g_str_equal (facet->key, "on");
  g_autofree char *sql = NULL;

  if (!parse_date (term->value, &begin, &end))
    return fail (error, "\"%s\" is no date: write 2026, 2026-05 or 2026-05-31", term->value);

  if (on)
    sql = g_strdup_printf ("p.created >= %s AND p.created < %%s", limn_query_builder_integer (builder, begin));
  add_condition (builder, term, on ? sql : facet->sql, limn_query_builder_integer (builder, on ? end : begin));
  return TRUE;
}

static const struct
{
  const char *key, *value, *sql;
} marks[] = {
  { "has", "mask", "p.has_mask" },
  { "has", "prompt", "p.prompt <> ''" },
  { "has", "parent", "EXISTS (SELECT 1 FROM edges WHERE child = p.id)" },
  { "has", "child", "EXISTS (SELECT 1 FROM edges WHERE parent = p.id)" },
  { "has", "tag", "EXISTS (SELECT 1 FROM picture_tags WHERE picture = p.id)" },
  { "is", "starred", "p.starred" },
  { "is", "rated", "p.rating > 0" },
  { "is", "trashed", "p.trashed IS NOT NULL" },
};

static gboolean
add_mark (LimnQueryBuilder    *builder,
          const Facet         *facet,
          const LimnQueryTerm *term,
          GError             **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_equal (marks[i].key, facet->key) && g_ascii_strcasecmp (marks[i].value, term->value) == 0)
      {
        add_condition (builder, term, marks[i].sql, "");
        return TRUE;
      }

  return fail (error, g_str_equal (facet->key, "has") ? "\"%s\" is nothing a picture has: mask, prompt, parent, child or tag" : "\"%s\" is nothing a picture is: starred, rated or trashed",
               term->value);
}

static const Facet facets[] = {
  { "model", add_part, "p.model IN (SELECT id FROM models WHERE name LIKE %s ESCAPE '\\')" },
  { "name", add_part, "p.name LIKE %s ESCAPE '\\'" },
  { "negative", add_part, "p.negative LIKE %s ESCAPE '\\'" },
  { "lora", add_part, "p.id IN (SELECT picture FROM ingredients WHERE kind = 'lora' AND name LIKE %s ESCAPE '\\')" },
  { "style", add_part, "p.id IN (SELECT picture FROM ingredients WHERE kind = 'style' AND name LIKE %s ESCAPE '\\')" },
  { "tag", add_name, "p.id IN (SELECT picture FROM picture_tags WHERE tag = (SELECT id FROM tags WHERE name = %s))" },
  { "album", add_name, "p.id IN (SELECT picture FROM album_pictures WHERE album = (SELECT id FROM albums WHERE name = %s))" },
  { "sampler", add_sampler, "p.sampler = %s" },
  { "schedule", add_name, "p.schedule = %s" },
  { "format", add_name, "p.format = %s COLLATE NOCASE" },
  { "hash", add_name, "hex (p.hash) LIKE %s || '%'" },
  { "id", add_number, "p.id" },
  { "seed", add_number, "p.seed" },
  { "steps", add_number, "p.steps" },
  { "guidance", add_number, "p.guidance" },
  { "rating", add_number, "p.rating" },
  { "width", add_number, "p.width" },
  { "height", add_number, "p.height" },
  { "size", add_size, NULL },
  { "before", add_date, "p.created < %s" },
  { "after", add_date, "p.created >= %s" },
  { "on", add_date, NULL },
  { "has", add_mark, NULL },
  { "is", add_mark, NULL },
};

gboolean
limn_query_add_facet (LimnQueryBuilder    *builder,
                      const LimnQueryTerm *term,
                      GError             **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (facets); i++)
    if (g_str_equal (facets[i].key, term->key))
      return facets[i].add (builder, &facets[i], term, error);

  return fail (error, "\"%s:\" is nothing that can be searched for: put quotes around it if it is meant as words", term->key);
}
