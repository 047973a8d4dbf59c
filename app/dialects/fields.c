/* Settings that stand as JSON: read with what programs make of JSON in mind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/fields.h"

#include <math.h>
#include <string.h>

#include "app/number.h"
#include "app/sampler-names.h"

/* json-glib reads by recursion, so that a megabyte of brackets would be too many for the stack. */
#define MAX_DEPTH 64

/* One step through JSON text. */
typedef struct
{
  gboolean quoted;
  int      depth, deepest;
} Walk;

static void
walk_bracket (Walk *walk,
              char  c)
{
  walk->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
  walk->deepest = MAX (walk->deepest, walk->depth);
}

/* Length of a word that JSON has not and Python writes; 0: none begins here */
static gsize
odd_word (const char *at)
{
  static const char *const words[] = { "NaN", "Infinity", "-Infinity" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (at, words[i]))
      return strlen (words[i]);

  return 0;
}

/* Returns: (transfer full) (nullable): strict JSON */
static char *
make_strict (const char *text)
{
  g_autoptr (GString) json = g_string_new (NULL);
  Walk walk = { 0 };

  for (const char *c = text; *c != '\0'; c++)
    {
      gsize odd = walk.quoted ? 0 : odd_word (c);

      if (odd > 0)
        {
          g_string_append (json, "null");
          c += odd - 1;
          continue;
        }
      g_string_append_c (json, *c);
      if (walk.quoted && *c == '\\' && c[1] != '\0')
        g_string_append_c (json, *++c);
      else if (*c == '"')
        walk.quoted = !walk.quoted;
      else if (!walk.quoted)
        walk_bracket (&walk, *c);
    }

  return walk.deepest <= MAX_DEPTH ? g_string_free (g_steal_pointer (&json), FALSE) : NULL;
}

JsonObject *
limn_fields_parse (const char *text)
{
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) node = NULL;

  while (text != NULL && g_ascii_isspace (*text))
    text++;
  if (text == NULL || *text != '{')
    return NULL;

  json = make_strict (text);
  node = json ? json_from_string (json, NULL) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

static JsonNode *
member (JsonObject *object,
        const char *key)
{
  return object != NULL ? json_object_get_member (object, key) : NULL;
}

JsonObject *
limn_fields_object (JsonObject *object,
                    const char *key)
{
  JsonNode *node = member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
limn_fields_array (JsonObject *object,
                   const char *key)
{
  JsonNode *node = member (object, key);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

const char *
limn_fields_text (JsonObject *object,
                  const char *key)
{
  JsonNode *node = member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

gboolean
limn_fields_number (JsonNode *node,
                    double   *value)
{
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_STRING)
    return limn_number_parse_real (json_node_get_string (node), value);
  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;

  *value = json_node_get_double (node);
  return isfinite (*value);
}

void
limn_fields_set_text (JsonObject *object,
                      const char *key,
                      char      **to)
{
  const char *text = limn_fields_text (object, key);

  if (text == NULL || *text == '\0')
    return;
  g_free (*to);
  *to = g_strdup (text);
}

/* Whole numbers do not go by way of a double, which has only 53 bits of a seed. */
void
limn_fields_set_integer (JsonObject *object,
                         const char *key,
                         gint64     *to)
{
  JsonNode   *node = member (object, key);
  const char *text = limn_fields_text (object, key);
  gint64      value = -1;
  double      real;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    value = json_node_get_int (node);
  else if (text != NULL && limn_number_parse_integer (text, &value))
    value = MAX (value, -1);
  else if (limn_fields_number (node, &real) && real >= 0 && real < 9e15)
    value = (gint64) real;

  if (value >= 0)
    *to = value;
}

void
limn_fields_set_real (JsonObject *object,
                      const char *key,
                      double     *to)
{
  double value;

  if (limn_fields_number (member (object, key), &value) && value >= 0)
    *to = value;
}

static void
replace (char      **to,
         const char *text)
{
  if (text == NULL)
    return;
  g_free (*to);
  *to = g_strdup (text);
}

void
limn_fields_set_sampler (LimnRequest *request,
                         const char  *sampler,
                         const char  *schedule)
{
  const char *id = NULL, *own = NULL;

  if (sampler != NULL)
    limn_sampler_names_parse (sampler, &id, &own);
  replace (&request->sampler, id);
  replace (&request->schedule, own);
  if (schedule != NULL)
    replace (&request->schedule, limn_sampler_names_parse_schedule (schedule));
}
