/* Golden: JSON as Python writes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/golden.h"

#include <string.h>

/* Numbers that Python writes and JSON does not have; the longer first where one is part of the other. */
static const char *const no_json[] = { "-Infinity", "Infinity", "NaN" };

static const char *
find_no_json (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (no_json); i++)
    if (g_str_has_prefix (text, no_json[i]))
      return no_json[i];
  return NULL;
}

/* (transfer full): the same with null in their place, but not within strings */
static char *
replace_no_json (const char *text)
{
  GString *json = g_string_sized_new (strlen (text));
  gboolean in_string = FALSE;

  for (gsize length; *text != '\0'; text += length)
    {
      const char *word = in_string ? NULL : find_no_json (text);
      gsize       escaped = in_string && text[0] == '\\' && text[1] != '\0';

      in_string ^= *text == '"';
      length = word != NULL ? strlen (word) : 1 + escaped;
      g_string_append_len (json, word != NULL ? "null" : text, word != NULL ? 4 : (gssize) length);
    }
  return g_string_free (json, FALSE);
}

JsonNode *
golden_read_json (const char *path,
                  GError    **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL, *json = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;

  json = replace_no_json (text);
  return json_parser_load_from_data (parser, json, -1, error) ? json_parser_steal_root (parser)
                                                              : NULL;
}
