/* What the artist is about to ask for, kept while nothing was asked yet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draft.h"

#include "app/data-place.h"
#include "app/safe-file.h"

#define MAX_FILE_BYTES (4 * 1024 * 1024)
#define MAX_COUNT 1000

void
limn_draft_init (LimnDraft *draft)
{
  *draft = (LimnDraft){ .count = 1, .styles = g_new0 (char *, 1) };
  limn_request_init (&draft->request);
}

void
limn_draft_clear (LimnDraft *draft)
{
  limn_request_clear (&draft->request);
  g_clear_pointer (&draft->styles, g_strfreev);
}

char *
limn_draft_place (void)
{
  return limn_data_place ("draft.json");
}

gboolean
limn_draft_save (const LimnDraft *draft,
                 GError         **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autofree char *path = limn_draft_place ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = NULL;

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_json_writer_integer (&writer, "count", draft->count);
  limn_json_writer_integer (&writer, "source", draft->source);
  limn_json_writer_strings (&writer, "styles", (const char *const *) draft->styles);
  limn_json_writer_open (&writer, "request", '{');
  limn_request_write (&draft->request, &writer);
  limn_json_writer_close (&writer, '}');
  limn_json_writer_close (&writer, '}');
  g_mkdir_with_parents (folder, 0700);
  bytes = g_bytes_new (writer.text->str, writer.text->len);
  return limn_safe_file_write (path, bytes, TRUE, error);
}

static void
read_styles (LimnDraft *draft,
             JsonArray *array)
{
  g_autoptr (GStrvBuilder) styles = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (styles, json_node_get_string (node));
    }
  g_strfreev (draft->styles);
  draft->styles = g_strv_builder_end (styles);
}

/* Of what cannot be read, nothing is taken. */
static gboolean
read_request (LimnDraft *draft,
              JsonNode  *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  if (limn_request_parse (&draft->request, text, -1, "draft", NULL))
    return TRUE;
  limn_request_clear (&draft->request);
  limn_request_init (&draft->request);
  return FALSE;
}

gboolean
limn_draft_load (LimnDraft *draft)
{
  g_autofree char *path = limn_draft_place ();
  g_autoptr (GBytes) bytes = g_file_test (path, G_FILE_TEST_EXISTS) ? limn_safe_file_read (path, MAX_FILE_BYTES, NULL) : NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode   *root;
  JsonObject *object;

  limn_draft_init (draft);
  if (bytes == NULL || !json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL))
    return FALSE;
  root = json_parser_get_root (parser);
  object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (object == NULL || !json_object_has_member (object, "request") || !read_request (draft, json_object_get_member (object, "request")))
    return FALSE;

  draft->count = (int) CLAMP (json_object_get_int_member_with_default (object, "count", 1), 1, MAX_COUNT);
  draft->source = MAX (json_object_get_int_member_with_default (object, "source", 0), 0);
  if (json_object_has_member (object, "styles") && JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "styles")))
    read_styles (draft, json_object_get_array_member (object, "styles"));
  return TRUE;
}
