/* A request: everything that decides what a picture looks like, as a value.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "app/number.h"
#include "app/safe-file.h"

#define MAX_REQUEST_BYTES (16 * 1024 * 1024)

typedef enum
{
  FIELD_TEXT,
  FIELD_INTEGER,
  FIELD_REAL
} FieldKind;

/* @least and @most bound what can be meant at all; what a model can do, the engine knows. */
typedef struct
{
  const char *key;
  FieldKind   kind;
  gsize       offset;
  double      least, most;
} Field;

static const Field fields[] = {
  { "prompt", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, prompt), 0, 0 },
  { "negative_prompt", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, negative), 0, 0 },
  { "seed", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, seed), 0, (double) G_MAXINT64 },
  { "steps", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, steps), 1, 10000 },
  { "sampler", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, sampler), 0, 0 },
  { "schedule", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, schedule), 0, 0 },
  { "guidance", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, guidance), 0, 1000 },
  { "width", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, width), 1, 65535 },
  { "height", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, height), 1, 65535 },
  { "model", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, model), 0, 0 },
  { "model_hash", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, model_hash), 0, 0 },
  { "image", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, picture), 0, 0 },
  { "mask", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, mask), 0, 0 },
  { "strength", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, strength), 0, 1 },
  { "clip_skip", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, clip_skip), 1, 100 },
  { "guidance_rescale", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, guidance_rescale), 0, 1 },
  { "guidance_begin", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, guidance_begin), 0, 1 },
  { "guidance_end", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, guidance_end), 0, 1 },
  { "variation", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, variation), 0, 1 },
  { "variation_seed", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, variation_seed), 0, (double) G_MAXINT64 },
  { "hires", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, hires), 1, 4 },
  { "hires_strength", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, hires_strength), 0, 1 },
  { "hires_steps", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, hires_steps), 1, 10000 },
  { "hires_upscaler", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, hires_upscaler), 0, 0 },
  { "mask_feather", FIELD_REAL, G_STRUCT_OFFSET (LimnRequest, mask_feather), 0, 512 },
  { "mask_area", FIELD_INTEGER, G_STRUCT_OFFSET (LimnRequest, mask_area), 0, 4096 },
  { "expand", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, expand), 0, 0 },
  { "type", FIELD_TEXT, G_STRUCT_OFFSET (LimnRequest, type), 0, 0 },
};

/* What `limn info --json` says beside the request. */
static const char *const ignored_keys[] = { "dialect", "raw", "distilled_guidance", NULL };

static char **
text_of (const LimnRequest *request,
         const Field       *field)
{
  return G_STRUCT_MEMBER_P ((gpointer) request, field->offset);
}

static gint64 *
integer_of (const LimnRequest *request,
            const Field       *field)
{
  return G_STRUCT_MEMBER_P ((gpointer) request, field->offset);
}

static double *
real_of (const LimnRequest *request,
         const Field       *field)
{
  return G_STRUCT_MEMBER_P ((gpointer) request, field->offset);
}

static const Field *
find_field (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].key, key))
      return &fields[i];

  return NULL;
}

gboolean
limn_request_knows (const char *key)
{
  return find_field (key) != NULL;
}

void
limn_request_init (LimnRequest *request)
{
  *request = (LimnRequest){ 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].kind == FIELD_INTEGER)
      *integer_of (request, &fields[i]) = -1;
    else if (fields[i].kind == FIELD_REAL)
      *real_of (request, &fields[i]) = -1;
}

void
limn_request_clear (LimnRequest *request)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].kind == FIELD_TEXT)
      g_clear_pointer (text_of (request, &fields[i]), g_free);
  g_clear_pointer (&request->loras, g_ptr_array_unref);
  g_clear_pointer (&request->embeddings, g_ptr_array_unref);
  g_clear_pointer (&request->controls, g_ptr_array_unref);
  g_clear_pointer (&request->parts, g_ptr_array_unref);
  g_clear_pointer (&request->styles, g_ptr_array_unref);
}

static void
add_word (GPtrArray **list,
          const char *word)
{
  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (*list, g_strdup (word));
}

void
limn_request_add_embedding (LimnRequest *request,
                            const char  *file)
{
  add_word (&request->embeddings, file);
}

void
limn_request_add_style (LimnRequest *request,
                        const char  *name)
{
  add_word (&request->styles, name);
}

void
limn_request_copy (LimnRequest       *request,
                   const LimnRequest *from)
{
  *request = *from;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].kind == FIELD_TEXT)
      *text_of (request, &fields[i]) = g_strdup (*text_of (from, &fields[i]));
  request->loras = limn_lora_list_copy (from->loras);
  request->controls = limn_control_list_copy (from->controls);
  request->parts = limn_part_list_copy (from->parts);
  request->embeddings = NULL;
  for (guint i = 0; from->embeddings != NULL && i < from->embeddings->len; i++)
    limn_request_add_embedding (request, from->embeddings->pdata[i]);
  request->styles = NULL;
  for (guint i = 0; from->styles != NULL && i < from->styles->len; i++)
    limn_request_add_style (request, from->styles->pdata[i]);
}

static gboolean
check_range (const Field *field,
             double       value,
             GError     **error)
{
  g_autofree char *shown = limn_number_format_real (value);
  g_autofree char *least = limn_number_format_real (field->least);
  g_autofree char *most = field->most >= 1e18
                              ? g_strdup_printf ("%" G_GINT64_FORMAT, G_MAXINT64)
                              : limn_number_format_real (field->most);

  if (value >= field->least && value <= field->most)
    return TRUE;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
               "%s %s: is out of range: take one from %s to %s", field->key, shown, least,
               most);
  return FALSE;
}

static gboolean
set_integer (LimnRequest *request,
             const Field *field,
             gint64       value,
             GError     **error)
{
  if (!check_range (field, value, error))
    return FALSE;

  *integer_of (request, field) = value;
  return TRUE;
}

static gboolean
set_real (LimnRequest *request,
          const Field *field,
          double       value,
          GError     **error)
{
  if (!check_range (field, value, error))
    return FALSE;

  *real_of (request, field) = value;
  return TRUE;
}

static gboolean
set_text (LimnRequest *request,
          const Field *field,
          const char  *value)
{
  g_free (*text_of (request, field));
  *text_of (request, field) = g_strdup (value);
  return TRUE;
}

gboolean
limn_request_set (LimnRequest *request,
                  const char  *key,
                  const char  *text,
                  GError     **error)
{
  const Field *field = find_field (key);
  gint64       integer;
  double       real;

  g_return_val_if_fail (field != NULL, FALSE);

  if (field->kind == FIELD_TEXT && g_utf8_validate (text, -1, NULL))
    return set_text (request, field, text);
  if (field->kind == FIELD_INTEGER && limn_number_parse_integer (text, &integer))
    return set_integer (request, field, integer, error);
  if (field->kind == FIELD_REAL && limn_number_parse_real (text, &real))
    return set_real (request, field, real, error);

  if (field->kind == FIELD_TEXT)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                 "%s: is not UTF-8: type it in a UTF-8 terminal", key);
  else
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s \"%s\": is not %s", key, text,
                 field->kind == FIELD_INTEGER ? "a whole number" : "a number");
  return FALSE;
}

static gboolean
wrong_kind (const char *name,
            const char *key,
            GError    **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
               "%s: \"%s\" has a value of the wrong kind: correct it", name, key);
  return FALSE;
}

static gboolean
set_from_node (LimnRequest *request,
               const Field *field,
               JsonNode    *node,
               const char  *name,
               GError     **error)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (field->kind == FIELD_TEXT && type == G_TYPE_STRING)
    return set_text (request, field, json_node_get_string (node));
  if (field->kind == FIELD_REAL && (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE))
    return set_real (request, field, json_node_get_double (node), error);
  if (field->kind == FIELD_INTEGER && type == G_TYPE_INT64)
    {
      /* Elsewhere, seed -1 asks for a random one. */
      if (g_str_equal (field->key, "seed") && json_node_get_int (node) == -1)
        return TRUE;
      return set_integer (request, field, json_node_get_int (node), error);
    }

  return wrong_kind (name, field->key, error);
}

static gboolean
add_lora (LimnRequest *request,
          JsonNode    *node,
          const char  *name,
          GError     **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode   *file = object != NULL ? json_object_get_member (object, "name") : NULL;
  JsonNode   *weight = object != NULL ? json_object_get_member (object, "weight") : NULL;
  JsonNode   *text = object != NULL ? json_object_get_member (object, "text_weight") : NULL;
  double      value = weight != NULL && JSON_NODE_HOLDS_VALUE (weight) ? json_node_get_double (weight) : 1;
  double      of_text = text != NULL && JSON_NODE_HOLDS_VALUE (text) ? json_node_get_double (text) : value;
  LimnLora   *lora;

  if (file == NULL || !JSON_NODE_HOLDS_VALUE (file) || json_node_get_value_type (file) != G_TYPE_STRING)
    return wrong_kind (name, "loras", error);
  if (!isfinite (value) || !isfinite (of_text))
    return wrong_kind (name, "loras", error);
  limn_lora_list_add (request->loras, json_node_get_string (file), value);
  lora = request->loras->pdata[request->loras->len - 1];
  lora->text_weight = of_text;
  return TRUE;
}

/* The list replaces one that was there. */
static gboolean
set_loras (LimnRequest *request,
           JsonNode    *node,
           const char  *name,
           GError     **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return wrong_kind (name, "loras", error);
  g_clear_pointer (&request->loras, g_ptr_array_unref);
  request->loras = limn_lora_list_new ();
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!add_lora (request, json_array_get_element (array, i), name, error))
      return FALSE;
  return TRUE;
}

/* The list replaces one that was there. */
static gboolean
set_words (GPtrArray **list,
           JsonNode   *node,
           const char *key,
           const char *name,
           GError    **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return wrong_kind (name, key, error);
  g_clear_pointer (list, g_ptr_array_unref);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *word = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (word) || json_node_get_value_type (word) != G_TYPE_STRING)
        return wrong_kind (name, key, error);
      add_word (list, json_node_get_string (word));
    }
  return TRUE;
}

/* The list replaces one that was there. */
static gboolean
take_list (GPtrArray **place,
           GPtrArray  *list,
           const char *key,
           const char *name,
           GError    **error)
{
  if (list == NULL)
    return wrong_kind (name, key, error);
  g_clear_pointer (place, g_ptr_array_unref);
  *place = list;
  return TRUE;
}

static gboolean
set_member (LimnRequest *request,
            const char  *key,
            JsonNode    *node,
            const char  *name,
            GError     **error)
{
  const Field *field = find_field (key);

  if (field != NULL)
    return set_from_node (request, field, node, name, error);
  if (g_strv_contains (ignored_keys, key))
    return TRUE;

  if (g_str_equal (key, "loras"))
    return set_loras (request, node, name, error);
  if (g_str_equal (key, "embeddings"))
    return set_words (&request->embeddings, node, key, name, error);
  if (g_str_equal (key, "styles"))
    return set_words (&request->styles, node, key, name, error);
  if (g_str_equal (key, "controls"))
    return take_list (&request->controls, limn_control_list_read (node), key, name, error);
  if (g_str_equal (key, "parts"))
    return take_list (&request->parts, limn_part_list_read (node), key, name, error);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
               "%s: \"%s\" is no setting: correct it or take it out", name, key);
  return FALSE;
}

static JsonObject *
root_object (JsonParser *parser)
{
  JsonNode *root = json_parser_get_root (parser);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

gboolean
limn_request_parse (LimnRequest *request,
                    const char  *text,
                    gssize       size,
                    const char  *name,
                    GError     **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) why = NULL;
  JsonObject    *object;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *node;

  if (!json_parser_load_from_data (parser, text, size, &why))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s: is not JSON: %s", name,
                   why->message);
      return FALSE;
    }

  object = root_object (parser);
  if (object == NULL)
    {
      g_set_error (
          error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
          "%s: holds no JSON object: a request is one, as `limn info PICTURE --json` prints it",
          name);
      return FALSE;
    }

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &node))
    if (!set_member (request, key, node, name, error))
      return FALSE;

  return TRUE;
}

gboolean
limn_request_load (LimnRequest *request,
                   const char  *path,
                   GError     **error)
{
  g_autoptr (GBytes) bytes = limn_safe_file_read (path, MAX_REQUEST_BYTES, error);
  g_autofree char *shown = g_filename_display_name (path);

  if (bytes == NULL)
    return FALSE;

  return limn_request_parse (request, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                             shown, error);
}

static void
write_field (const LimnRequest *request,
             const Field       *field,
             LimnJsonWriter    *writer)
{
  if (field->kind == FIELD_TEXT)
    limn_json_writer_string (writer, field->key, *text_of (request, field));
  if (field->kind == FIELD_INTEGER && *integer_of (request, field) >= 0)
    limn_json_writer_integer (writer, field->key, *integer_of (request, field));
  if (field->kind == FIELD_REAL && *real_of (request, field) >= 0)
    limn_json_writer_real (writer, field->key, *real_of (request, field));
}

static void
write_words (const GPtrArray *list,
             const char      *key,
             LimnJsonWriter  *writer)
{
  if (list == NULL || list->len == 0)
    return;
  limn_json_writer_open (writer, key, '[');
  for (guint i = 0; i < list->len; i++)
    limn_json_writer_string (writer, NULL, list->pdata[i]);
  limn_json_writer_close (writer, ']');
}

void
limn_request_write (const LimnRequest *request,
                    LimnJsonWriter    *writer)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    write_field (request, &fields[i], writer);
  limn_lora_list_write (request->loras, writer);
  write_words (request->embeddings, "embeddings", writer);
  write_words (request->styles, "styles", writer);
  limn_control_list_write (request->controls, writer);
  limn_part_list_write (request->parts, writer);
}
