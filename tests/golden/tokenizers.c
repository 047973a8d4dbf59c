/* Golden cases of tokenizers: each row's ids must be equal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/golden.h"

#include "engine/tokenizers/tokenizer.h"

#include <stdio.h>

/* What a row's \u0000 is read as: no C string of the JSON library can hold that itself. */
#define NUL "\xee\x80\x80"
#define NUL_ESCAPE "\\ue000"

/* A column of ids.json, and the vocabulary it is made with. */
typedef struct
{
  const char *name;
  const char *vocabulary;
} Column;

static const Column columns[] = {
  { "clip", "clip" },
  { "qwen", "qwen" },
};

static LimnTokenizer *
open_vocabulary (GoldenCase *golden,
                 const char *name,
                 GError    **error)
{
  g_autofree char *folder = g_build_filename (golden->folder, "..", "..", "weights", "tokenizers", name, NULL);
  LimnTokenizer   *tokenizer = limn_tokenizer_open (folder, error);
  JsonObject      *added = json_object_get_object_member (golden->json, "qwen3_added_tokens");
  JsonObjectIter   iter;
  const char      *id;
  JsonNode        *text;

  if (tokenizer == NULL || added == NULL || !g_str_equal (name, "qwen"))
    return tokenizer;
  json_object_iter_init (&iter, added);
  while (json_object_iter_next (&iter, &id, &text))
    if (limn_tokenizer_find (tokenizer, json_node_get_string (text)) < 0)
      limn_tokenizer_add_token (tokenizer, json_node_get_string (text), atoi (id));
  return tokenizer;
}

/* CLIP's recorded rows hold the start and end of the sequence, untruncated. */
static void
frame_clip (LimnTokenizer *tokenizer,
            GArray        *ids)
{
  gint32 start = limn_tokenizer_start (tokenizer), end = limn_tokenizer_end (tokenizer);

  g_array_prepend_val (ids, start);
  g_array_append_val (ids, end);
}

static void
compare_row (GoldenCase    *golden,
             LimnTokenizer *tokenizer,
             const char    *line,
             const char    *text,
             gboolean       framed,
             JsonArray     *want)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) bytes = g_string_new (text);
  g_autoptr (GArray) ids = NULL;
  guint             n = json_array_get_length (want);
  g_autofree float *got = NULL;
  g_autofree float *expected = g_new0 (float, n + 1);

  g_string_replace (bytes, NUL, "\1", 0);
  for (gsize i = 0; i < bytes->len; i++)
    if (strstr (text, NUL) != NULL && bytes->str[i] == '\1')
      bytes->str[i] = '\0';
  ids = limn_tokenizer_encode (tokenizer, bytes->str, (gssize) bytes->len, &error);
  if (ids == NULL)
    {
      golden_fail (golden, line, 0, error->message);
      return;
    }
  if (framed)
    frame_clip (tokenizer, ids);
  /* The length is compared as one more number, so that rows of no ids have something to compare. */
  got = g_new0 (float, MAX (ids->len, n) + 1);
  got[0] = (float) ids->len;
  expected[0] = (float) n;
  for (guint i = 0; i < MIN (ids->len, n); i++)
    got[i + 1] = (float) g_array_index (ids, gint32, i);
  for (guint i = 0; i < n; i++)
    expected[i + 1] = (float) json_array_get_int_element (want, i);
  golden_compare_with (golden, line, got, expected, n + 1, 0);
}

static void
compare_chats (GoldenCase    *golden,
               LimnTokenizer *tokenizer,
               guint          row,
               JsonObject    *want,
               const char    *text)
{
  JsonObject    *chats = json_object_get_object_member (want, "qwen_chat");
  JsonObject    *templates = json_object_get_object_member (golden->json, "chat_templates");
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *ids;

  if (chats == NULL || templates == NULL)
    return;
  json_object_iter_init (&iter, chats);
  while (json_object_iter_next (&iter, &name, &ids))
    {
      const char *chat = json_object_get_string_member (templates, name);
      g_auto (GStrv) parts = g_strsplit (chat, "{}", 2);
      g_autofree char *whole = g_strconcat (parts[0], text, parts[1], NULL);
      g_autofree char *line = g_strdup_printf ("%u:qwen_chat:%.*s", row, (int) strcspn (name, " "), name);

      compare_row (golden, tokenizer, line, whole, FALSE, json_node_get_array (ids));
    }
}

static void
compare_column (GoldenCase   *golden,
                const Column *column,
                JsonArray    *rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnTokenizer) tokenizer = open_vocabulary (golden, column->vocabulary, &error);

  if (tokenizer == NULL)
    {
      golden_fail (golden, column->name, 0, error->message);
      return;
    }
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject      *row = json_array_get_object_element (rows, i);
      const char      *text = json_object_get_string_member (row, "text");
      JsonArray       *want = json_object_has_member (row, column->name)
                                  ? json_object_get_array_member (row, column->name)
                                  : NULL;
      g_autofree char *line = g_strdup_printf ("%u:%s", i, column->name);

      if (want == NULL)
        continue;
      compare_row (golden, tokenizer, line, text, g_str_equal (column->name, "clip"), want);
      if (g_str_equal (column->name, "qwen"))
        compare_chats (golden, tokenizer, i, row, text);
    }
}

static JsonNode *
read_rows (const char *path,
           GError    **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) rows = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  rows = g_string_new (text);
  g_string_replace (rows, "\\u0000", NUL_ESCAPE, 0);
  return json_from_string (rows->str, error);
}

void
golden_run_tokenizers (GoldenCase *golden)
{
  g_autofree char *path = g_build_filename (golden->folder, "ids.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) json = read_rows (path, &error);

  if (json == NULL || !JSON_NODE_HOLDS_ARRAY (json))
    {
      golden_fail (golden, "ids.json", 0, error != NULL ? error->message : "no array");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    compare_column (golden, &columns[i], json_node_get_array (json));
}
