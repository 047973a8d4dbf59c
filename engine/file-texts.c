/* What a file says of itself in its metadata: Stability's modelspec, kohya's training notes, GGUF's general values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/file-info-private.h"

#include <string.h>

#include "engine/weights/json-reader.h"

/* https://github.com/Stability-AI/ModelSpec; kohya-ss/sd-scripts; GGUF's docs/gguf.md */
#define TAGS "ss_tag_frequency"

#define MAX_LINE 300
#define MAX_TEXT 4000
#define MAX_TAGS 10
#define MAX_WORDS 32

/* A tag nearly as frequent as the commonest one was in nearly every caption: a trigger word. */
#define NEARLY_ALL 0.9

typedef struct
{
  char   *tag;
  guint64 count;
} Tag;

char *
limn_file_text (const char *text,
                gsize       limit)
{
  GString *out = g_string_new (NULL);
  gsize    n = 0;

  for (const char *at = text; at != NULL && *at != '\0' && n < limit; at = g_utf8_next_char (at), n++)
    {
      gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (out, c == '\n' || g_unichar_isprint (c) ? c : ' ');
    }
  g_strstrip (out->str);
  return g_string_free (out, out->str[0] == '\0');
}

/* The first of @keys that says something. */
static char *
read_text (const LimnWeights *weights,
           const char *const *keys,
           gsize              limit)
{
  for (int i = 0; keys[i] != NULL; i++)
    {
      char *text = limn_file_text (limn_weights_metadata (weights, keys[i]), limit);

      if (text != NULL && strcmp (text, "None") != 0)
        return text;
      g_free (text);
    }
  return NULL;
}

/* "0x" and digits; something else is no hash. */
static char *
read_hash (const LimnWeights *weights)
{
  static const char *const keys[] = { "modelspec.hash_sha256", "sshs_model_hash" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *text = limn_weights_metadata (weights, keys[i]);

      if (text != NULL && g_ascii_strncasecmp (text, "0x", 2) == 0)
        text += 2;
      if (text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdefABCDEF") == 64)
        return g_ascii_strdown (text, -1);
    }
  return NULL;
}

static char **
split_words (const char *text)
{
  g_auto (GStrv) pieces = g_strsplit (text, ",", MAX_WORDS);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (int i = 0; pieces[i] != NULL; i++)
    if (g_strstrip (pieces[i])[0] != '\0')
      g_strv_builder_add (words, pieces[i]);
  return g_strv_builder_end (words);
}

static void
count_tag (GHashTable *counts,
           const char *tag,
           guint64     count)
{
  guint64 *sum = g_hash_table_lookup (counts, tag);

  if (sum == NULL)
    {
      sum = g_new0 (guint64, 1);
      g_hash_table_insert (counts, g_strdup (tag), sum);
    }
  *sum = *sum > G_MAXUINT64 - count ? G_MAXUINT64 : *sum + count;
}

/* {"folder": {"tag": 12, …}, …}: the sums over all folders. */
static gboolean
count_tags (const char *text,
            GHashTable *counts)
{
  LimnJsonReader json;
  g_autoptr (GString) name = g_string_new (NULL);

  limn_json_init (&json, text, strlen (text));
  limn_json_open (&json, '{');
  while (limn_json_more (&json, '}'))
    {
      limn_json_key (&json, name);
      limn_json_open (&json, '{');
      while (limn_json_more (&json, '}'))
        {
          limn_json_key (&json, name);
          if (g_ascii_isdigit (limn_json_peek (&json)))
            count_tag (counts, name->str, (guint64) limn_json_integer (&json));
          else
            limn_json_skip (&json);
        }
    }
  limn_json_finish (&json);
  return !json.failed;
}

/* The most frequent first, and by the alphabet among equals. */
static int
compare_tags (const void *a,
              const void *b)
{
  const Tag *x = a, *y = b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return strcmp (x->tag, y->tag);
}

/* (transfer full) (element-type Tag): whose texts belong to @counts */
static GArray *
sort_tags (GHashTable *counts)
{
  GArray        *tags = g_array_new (FALSE, FALSE, sizeof (Tag));
  GHashTableIter iter;
  gpointer       tag, count;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &tag, &count))
    g_array_append_val (tags, ((Tag){ tag, *(guint64 *) count }));
  g_array_sort (tags, compare_tags);
  return tags;
}

static char **
take_tags (const GArray *tags,
           double        least)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; i < MIN (tags->len, MAX_TAGS); i++)
    {
      const Tag       *tag = &g_array_index (tags, Tag, i);
      g_autofree char *text = limn_file_text (tag->tag, MAX_LINE);

      if (text != NULL && (double) tag->count >= least)
        g_strv_builder_add (words, text);
    }
  return g_strv_builder_end (words);
}

static void
read_tags (const LimnWeights *weights,
           LimnFileInfo      *info)
{
  const char *text = limn_weights_metadata (weights, TAGS);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GArray) tags = NULL;

  if (text == NULL || !count_tags (text, counts) || g_hash_table_size (counts) == 0)
    return;
  tags = sort_tags (counts);
  info->tags = take_tags (tags, 0);
  if (info->trigger_words == NULL)
    info->trigger_words = take_tags (tags, NEARLY_ALL * (double) g_array_index (tags, Tag, 0).count);
}

void
limn_file_texts_read (const LimnWeights *weights,
                      LimnFileInfo      *info)
{
  static const char *const titles[] = { "modelspec.title", "general.name", "ss_output_name", NULL };
  static const char *const authors[] = { "modelspec.author", "general.author", "general.organization", NULL };
  static const char *const descriptions[] = { "modelspec.description", "general.description", NULL };
  static const char *const licences[] = { "modelspec.license", "general.license", "license", NULL };
  static const char *const hints[] = { "modelspec.usage_hint", NULL };
  static const char *const resolutions[] = { "modelspec.resolution", NULL };
  static const char *const triggers[] = { "modelspec.trigger_phrase", NULL };
  g_autofree char         *trigger = read_text (weights, triggers, MAX_TEXT);

  info->title = read_text (weights, titles, MAX_LINE);
  info->author = read_text (weights, authors, MAX_LINE);
  info->description = read_text (weights, descriptions, MAX_TEXT);
  info->licence = read_text (weights, licences, MAX_LINE);
  info->hint = read_text (weights, hints, MAX_TEXT);
  info->resolution = read_text (weights, resolutions, MAX_LINE);
  info->hash = read_hash (weights);
  if (trigger != NULL)
    info->trigger_words = split_words (trigger);
  read_tags (weights, info);
}
