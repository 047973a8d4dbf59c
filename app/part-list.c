/* Parts of a request's model that come from files of their own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request.h"

#include <string.h>

static const char *const names[] = { "vae", "tiny_vae", "text_encoder", "text_encoder_2", "unet", NULL };

static void
part_free (gpointer data)
{
  LimnRequestPart *part = data;

  g_free (part->name);
  g_free (part->file);
  g_free (part);
}

GPtrArray *
limn_part_list_new (void)
{
  return g_ptr_array_new_with_free_func (part_free);
}

static void
add (GPtrArray  *list,
     const char *name,
     const char *file)
{
  LimnRequestPart *part = g_new (LimnRequestPart, 1);

  *part = (LimnRequestPart){ g_strdup (name), g_strdup (file) };
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((LimnRequestPart *) list->pdata[i])->name, name))
      g_ptr_array_remove_index (list, i--);
  g_ptr_array_add (list, part);
}

GPtrArray *
limn_part_list_copy (const GPtrArray *list)
{
  GPtrArray *copy = list != NULL ? limn_part_list_new () : NULL;

  for (guint i = 0; list != NULL && i < list->len; i++)
    add (copy, ((LimnRequestPart *) list->pdata[i])->name, ((LimnRequestPart *) list->pdata[i])->file);
  return copy;
}

void
limn_part_list_write (const GPtrArray *list,
                      LimnJsonWriter  *writer)
{
  if (list == NULL || list->len == 0)
    return;

  limn_json_writer_open (writer, "parts", '[');
  for (guint i = 0; i < list->len; i++)
    {
      limn_json_writer_open (writer, NULL, '{');
      limn_json_writer_string (writer, "part", ((LimnRequestPart *) list->pdata[i])->name);
      limn_json_writer_string (writer, "file", ((LimnRequestPart *) list->pdata[i])->file);
      limn_json_writer_close (writer, '}');
    }
  limn_json_writer_close (writer, ']');
}

static const char *
text_of (JsonObject *object,
         const char *key)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, key) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

GPtrArray *
limn_part_list_read (JsonNode *node)
{
  g_autoptr (GPtrArray) list = limn_part_list_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *name = text_of (object, "part"), *file = text_of (object, "file");

      if (name == NULL || file == NULL || !g_strv_contains (names, name))
        return NULL;
      add (list, name, file);
    }
  return array != NULL ? g_steal_pointer (&list) : NULL;
}

gboolean
limn_request_add_part (LimnRequest *request,
                       const char  *text,
                       GError     **error)
{
  const char      *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strndup (text, equals - text) : g_strdup (text);
  g_autofree char *known = g_strjoinv (", ", (char **) names);

  g_strdelimit (name, "-", '_');
  if (equals == NULL || equals[1] == '\0' || !g_strv_contains (names, name) || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "part \"%s\": is not NAME=FILE with a name of %s", text, known);
      return FALSE;
    }

  if (request->parts == NULL)
    request->parts = limn_part_list_new ();
  add (request->parts, name, equals + 1);
  return TRUE;
}
