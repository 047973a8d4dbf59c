/* Splits a query into terms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/query-term.h"

#include <string.h>

#define MAX_BYTES 20000
#define MAX_TERMS 100

void
limn_query_term_free (LimnQueryTerm *term)
{
  g_free (term->key);
  g_free (term->value);
  g_free (term);
}

static const char *
skip_spaces (const char *at)
{
  while (*at != '\0' && g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return at;
}

static const char *
find_end (const char *at)
{
  while (*at != '\0' && *at != '"' && !g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return at;
}

/* "key:" of small letters; a colon elsewhere belongs to a word. */
static const char *
read_key (const char    *at,
          LimnQueryTerm *term)
{
  gsize length = strspn (at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

  if (length == 0 || at[length] != ':')
    return at;

  term->key = g_ascii_strdown (at, length);
  return at + length + 1;
}

/* In quotes, \" is a quote and \\ a backslash. Returns: (nullable): what follows; %NULL if they do not end */
static const char *
read_quoted (const char    *at,
             LimnQueryTerm *term)
{
  g_autoptr (GString) value = g_string_new (NULL);

  for (at++; *at != '"'; at++)
    {
      if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
        at++;
      if (*at == '\0')
        return NULL;
      g_string_append_c (value, *at);
    }

  term->value = g_strdup (value->str);
  term->quoted = TRUE;
  return at + 1;
}

static const char *
read_value (const char    *at,
            LimnQueryTerm *term)
{
  const char *end;

  if (*at == '"')
    return read_quoted (at, term);

  end = find_end (at);
  term->value = g_strndup (at, end - at);
  return end;
}

static gboolean
fail (GError    **error,
      const char *why)
{
  g_set_error_literal (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY, why);
  return FALSE;
}

static gboolean
read_term (const char    *text,
           const char   **at,
           LimnQueryTerm *term,
           GError       **error)
{
  const char *c = *at;

  term->at = c - text;
  term->negated = *c == '-' && c[1] != '\0' && !g_unichar_isspace (g_utf8_get_char (c + 1));
  c = read_key (c + term->negated, term);
  c = read_value (c, term);
  if (c == NULL)
    return fail (error, "quotes are opened and not closed");
  if (*term->value == '\0')
    return fail (error, term->key ? "nothing stands after the colon" : "there is nothing between the quotes");

  *at = c;
  return TRUE;
}

GPtrArray *
limn_query_split (const char *text,
                  gsize      *wrong,
                  GError    **error)
{
  g_autoptr (GPtrArray) terms = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_query_term_free);
  const char *end = text;

  *wrong = 0;
  if (!g_utf8_validate (text, -1, &end))
    {
      *wrong = end - text;
      fail (error, "it is not UTF-8");
      return NULL;
    }
  for (const char *at = skip_spaces (text); *at != '\0'; at = skip_spaces (at))
    {
      LimnQueryTerm *term = g_new0 (LimnQueryTerm, 1);

      g_ptr_array_add (terms, term);
      *wrong = at - text;
      if (terms->len > MAX_TERMS || *wrong > MAX_BYTES)
        fail (error, "this is more than can be asked at once");
      else if (read_term (text, &at, term, error))
        continue;
      return NULL;
    }

  return g_steal_pointer (&terms);
}

static void
append_quoted (GString    *text,
               const char *value)
{
  g_string_append_c (text, '"');
  for (const char *c = value; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *c);
    }
  g_string_append_c (text, '"');
}

char *
limn_query_term_format (const char *key,
                        const char *value)
{
  GString *text = g_string_new (key);

  g_string_append_c (text, ':');
  append_quoted (text, value);
  return g_string_free (text, FALSE);
}

static void
append_term (GString             *text,
             const LimnQueryTerm *term)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  if (term->negated)
    g_string_append_c (text, '-');
  if (term->key != NULL)
    g_string_append_printf (text, "%s:", term->key);
  if (term->quoted)
    append_quoted (text, term->value);
  else
    g_string_append (text, term->value);
}

char *
limn_query_set_term (const char *text,
                     const char *key,
                     const char *value)
{
  gsize wrong;
  g_autoptr (GPtrArray) terms = limn_query_split (text, &wrong, NULL);
  GString *written = g_string_new (NULL);

  if (terms == NULL)
    {
      g_string_append (written, text);
      return g_string_free (written, FALSE);
    }
  for (guint i = 0; i < terms->len; i++)
    {
      const LimnQueryTerm *term = terms->pdata[i];

      if (term->negated || g_strcmp0 (term->key, key) != 0)
        append_term (written, term);
    }
  if (value != NULL)
    g_string_append_printf (written, "%s%s", written->len > 0 ? " " : "", value);
  return g_string_free (written, FALSE);
}
