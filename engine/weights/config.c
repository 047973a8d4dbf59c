/* Settings out of a model's JSON files: limited, and checked for range.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/config.h"
#include "engine/weights/json-reader.h"
#include "engine/weights/weights-private.h"

#include <math.h>

#define MAX_CONFIG (1 << 20)

JsonObject *
limn_config_parse (const char *text,
                   gsize       size,
                   const char *where,
                   GError    **error)
{
  g_autofree char *shown = limn_printable (where);
  g_autoptr (JsonParser) parser = json_parser_new ();
  LimnJsonReader reader;
  JsonNode      *root;

  if (size > MAX_CONFIG)
    return limn_file_error (error, shown,
                            "is %" G_GSIZE_FORMAT " bytes, more than settings can be", size),
           NULL;
  /* json-glib goes down one stack frame a level, however deep: so the depth is checked first. */
  limn_json_init (&reader, text, size);
  limn_json_skip (&reader);
  limn_json_finish (&reader);
  if (reader.failed || !json_parser_load_from_data (parser, text, (gssize) size, NULL))
    return limn_file_error (error, shown,
                            "is damaged JSON (at byte %" G_GSIZE_FORMAT "); download it again",
                            (gsize) (reader.at - reader.start)),
           NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return limn_file_error (error, shown, "is JSON, but not an object with settings"), NULL;
  return json_object_ref (json_node_get_object (root));
}

JsonObject *
limn_config_load (const char *path,
                  GError    **error)
{
  gsize            size = 0;
  g_autofree char *text = limn_file_read (path, MAX_CONFIG, &size, error);

  return text != NULL ? limn_config_parse (text, size, path, error) : NULL;
}

static JsonNode *
member (JsonObject *config,
        const char *name)
{
  JsonNode *node = json_object_get_member (config, name);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

/* The setting as the file has it, short enough for a line. */
static gboolean
bad_value (GError    **error,
           const char *name,
           JsonNode   *node,
           const char *format,
           ...) G_GNUC_PRINTF (4, 5);

static gboolean
bad_value (GError    **error,
           const char *name,
           JsonNode   *node,
           const char *format,
           ...)
{
  g_autofree char *json = json_to_string (node, FALSE);
  g_autofree char *shown = limn_printable (json), *shown_name = limn_printable (name), *want = NULL;
  va_list          args;

  va_start (args, format);
  want = g_strdup_vprintf (format, args);
  va_end (args);
  return limn_file_error (error, "model settings", "“%s” is %s, but must be %s", shown_name, shown, want);
}

static gboolean
read_int (JsonNode   *node,
          const char *name,
          gint64      min,
          gint64      max,
          int        *out,
          GError    **error)
{
  double   value = NAN;
  gboolean number = JSON_NODE_HOLDS_VALUE (node);

  if (number && json_node_get_value_type (node) == G_TYPE_INT64)
    value = (double) json_node_get_int (node);
  else if (number && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    value = json_node_get_double (node);
  /* 8.0 is written for 8 by some. */
  if (!(value >= (double) min && value <= (double) max) || value != floor (value))
    return bad_value (error, name, node,
                      "a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min,
                      max);
  *out = (int) value;
  return TRUE;
}

gboolean
limn_config_int (JsonObject *config,
                 const char *name,
                 gint64      fallback,
                 gint64      min,
                 gint64      max,
                 int        *out,
                 GError    **error)
{
  JsonNode *node = member (config, name);

  g_return_val_if_fail (min >= G_MININT && max <= G_MAXINT, FALSE);
  *out = (int) fallback;
  return node == NULL || read_int (node, name, min, max, out, error);
}

gboolean
limn_config_double (JsonObject *config,
                    const char *name,
                    double      fallback,
                    double      min,
                    double      max,
                    double     *out,
                    GError    **error)
{
  JsonNode *node = member (config, name);
  gboolean  number;

  *out = fallback;
  if (node == NULL)
    return TRUE;
  number = JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
  if (number)
    *out = json_node_get_double (node);
  if (!number || !(*out >= min && *out <= max))
    return bad_value (error, name, node, "a number from %g to %g", min, max);
  return TRUE;
}

gboolean
limn_config_bool (JsonObject *config,
                  const char *name,
                  gboolean    fallback,
                  gboolean   *out,
                  GError    **error)
{
  JsonNode *node = member (config, name);

  *out = fallback;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return bad_value (error, name, node, "true or false");
  *out = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

gboolean
limn_config_string (JsonObject  *config,
                    const char  *name,
                    const char  *fallback,
                    const char **out,
                    GError     **error)
{
  JsonNode *node = member (config, name);

  *out = fallback;
  if (node == NULL)
    return TRUE;
  if (!is_string (node))
    return bad_value (error, name, node, "a text");
  *out = json_node_get_string (node);
  return TRUE;
}

gboolean
limn_config_int_array (JsonObject *config,
                       const char *name,
                       gint64      min,
                       gint64      max,
                       int        *out,
                       int         capacity,
                       int        *n,
                       GError    **error)
{
  JsonNode  *node = member (config, name);
  JsonArray *array;
  guint      length;

  g_return_val_if_fail (min >= G_MININT && max <= G_MAXINT && capacity > 0, FALSE);
  *n = 0;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      *n = 1;
      return read_int (node, name, min, max, out, error);
    }
  array = json_node_get_array (node);
  length = json_array_get_length (array);
  if (length > (guint) capacity)
    return bad_value (error, name, node, "at most %d numbers", capacity);
  for (guint i = 0; i < length; i++)
    if (!read_int (json_array_get_element (array, i), name, min, max, &out[i], error))
      return FALSE;
  *n = (int) length;
  return TRUE;
}

gboolean
limn_config_string_array (JsonObject *config,
                          const char *name,
                          int         capacity,
                          char     ***out,
                          GError    **error)
{
  JsonNode  *node = member (config, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint      length = array != NULL ? json_array_get_length (array) : 0;
  g_auto (GStrv) strings = g_new0 (char *, length + 1);

  *out = NULL;
  if ((node != NULL && array == NULL) || length > (guint) capacity)
    return bad_value (error, name, node, "at most %d texts", capacity);
  for (guint i = 0; i < length; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!is_string (element))
        return bad_value (error, name, node, "at most %d texts", capacity);
      strings[i] = g_strdup (json_node_get_string (element));
    }
  *out = g_steal_pointer (&strings);
  return TRUE;
}
