/* ControlNets of a request, each with its picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request.h"

#include <math.h>
#include <string.h>

#include "app/number.h"

#define MAX_WEIGHT 10

static void
control_free (gpointer data)
{
  LimnRequestControl *control = data;

  g_free (control->kind);
  g_free (control->model);
  g_free (control->picture);
  g_free (control);
}

GPtrArray *
limn_control_list_new (void)
{
  return g_ptr_array_new_with_free_func (control_free);
}

static LimnRequestControl *
add (GPtrArray *list)
{
  LimnRequestControl *control = g_new0 (LimnRequestControl, 1);

  *control = (LimnRequestControl){ .weight = 1, .end = 1 };
  g_ptr_array_add (list, control);
  return control;
}

GPtrArray *
limn_control_list_copy (const GPtrArray *list)
{
  GPtrArray *copy = list != NULL ? limn_control_list_new () : NULL;

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const LimnRequestControl *from = list->pdata[i];
      LimnRequestControl       *to = add (copy);

      *to = *from;
      to->kind = g_strdup (from->kind);
      to->model = g_strdup (from->model);
      to->picture = g_strdup (from->picture);
    }
  return copy;
}

void
limn_control_list_write (const GPtrArray *list,
                         LimnJsonWriter  *writer)
{
  if (list == NULL || list->len == 0)
    return;

  limn_json_writer_open (writer, "controls", '[');
  for (guint i = 0; i < list->len; i++)
    {
      const LimnRequestControl *control = list->pdata[i];

      limn_json_writer_open (writer, NULL, '{');
      limn_json_writer_string (writer, "kind", control->kind);
      if (control->model != NULL)
        limn_json_writer_string (writer, "model", control->model);
      limn_json_writer_string (writer, "image", control->picture);
      limn_json_writer_real (writer, "weight", control->weight);
      limn_json_writer_real (writer, "begin", control->begin);
      limn_json_writer_real (writer, "end", control->end);
      limn_json_writer_close (writer, '}');
    }
  limn_json_writer_close (writer, ']');
}

/* Returns: (nullable) (transfer full): the text that @object has */
static char *
text_of (JsonObject *object,
         const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : NULL;
}

static double
real_of (JsonObject *object,
         const char *key,
         double      otherwise)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : otherwise;
}

static gboolean
is_sound (const LimnRequestControl *control)
{
  return control->kind != NULL && control->picture != NULL && fabs (control->weight) <= MAX_WEIGHT && control->begin >= 0 && control->end <= 1
         && control->begin <= control->end;
}

GPtrArray *
limn_control_list_read (JsonNode *node)
{
  g_autoptr (GPtrArray) list = limn_control_list_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode           *element = json_array_get_element (array, i);
      JsonObject         *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      LimnRequestControl *control = add (list);

      if (object == NULL)
        return NULL;
      control->kind = text_of (object, "kind");
      control->model = text_of (object, "model");
      control->picture = text_of (object, "image");
      control->weight = real_of (object, "weight", 1);
      control->begin = real_of (object, "begin", 0);
      control->end = real_of (object, "end", 1);
      if (!is_sound (control))
        return NULL;
    }
  return array != NULL ? g_steal_pointer (&list) : NULL;
}

/* Takes ":BEGIN-END" off the end of @text, if it is there. */
static void
take_span (char               *text,
           LimnRequestControl *control)
{
  char  *colon = strrchr (text, ':'), *dash = colon != NULL ? strchr (colon, '-') : NULL;
  double begin, end;

  if (dash == NULL || dash == colon + 1)
    return;
  *dash = '\0';
  if (limn_number_parse_real (colon + 1, &begin) && limn_number_parse_real (dash + 1, &end))
    {
      control->begin = begin;
      control->end = end;
      *colon = '\0';
    }
  else
    *dash = '-';
}

static void
take_weight (char               *text,
             LimnRequestControl *control)
{
  char *colon = strrchr (text, ':');

  if (colon != NULL && limn_number_parse_real (colon + 1, &control->weight))
    *colon = '\0';
}

gboolean
limn_request_add_control (LimnRequest *request,
                          const char  *text,
                          GError     **error)
{
  g_autofree char    *rest = g_strdup (text);
  char               *colon = strchr (rest, ':'), *equals;
  LimnRequestControl *control;

  if (colon == NULL || colon == rest || colon[1] == '\0' || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "control \"%s\": is not KIND:FILE or KIND=MODEL:FILE", text);
      return FALSE;
    }

  if (request->controls == NULL)
    request->controls = limn_control_list_new ();
  control = add (request->controls);
  *colon = '\0';
  equals = strchr (rest, '=');
  control->kind = equals != NULL ? g_strndup (rest, equals - rest) : g_strdup (rest);
  control->model = equals != NULL ? g_strdup (equals + 1) : NULL;
  take_span (colon + 1, control);
  take_weight (colon + 1, control);
  control->picture = g_strdup (colon + 1);
  if (is_sound (control) && *control->picture != '\0')
    return TRUE;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE, "control %s: its weight is %d to %d, and it begins before it ends, 0 to 1", text, -MAX_WEIGHT, MAX_WEIGHT);
  return FALSE;
}
