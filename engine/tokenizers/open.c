/* Reading a tokenizer's files: tokenizer.json, or vocab.json with merges.txt. All of them may be hostile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tokenizers/tokenizer-private.h"

#include "engine/weights/json-reader.h"
#include "engine/weights/weights-private.h"

#include <string.h>

#define MAX_FILE_SIZE ((gsize) 64 << 20)

/* One file on its way into a tokenizer. */
typedef struct
{
  LimnTokenizer *tokenizer;
  const char    *path;
  LimnJsonReader json;
  GString       *key, *text, *other;
  gboolean       other_kind; /* not byte-level BPE */
  gboolean       bad_merge;
  int            depth;
} Reader;

typedef void (*ReadMember) (Reader *reader);

typedef struct
{
  const char *name;
  ReadMember  read;
} Member;

/* Reads an object whose members are handled by name; the others are skipped. */
static void
read_object (Reader       *reader,
             const Member *members,
             gsize         n)
{
  if (limn_json_peek (&reader->json) != '{')
    {
      limn_json_skip (&reader->json);
      return;
    }
  /* Sequences of normalizers nest; a file that nests them without end must not exhaust the stack. */
  if (++reader->depth > LIMN_JSON_MAX_DEPTH)
    reader->json.failed = TRUE;
  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      ReadMember read = NULL;

      limn_json_key (&reader->json, reader->key);
      for (gsize i = 0; i < n; i++)
        if (g_str_equal (reader->key->str, members[i].name))
          read = members[i].read;
      if (read != NULL)
        read (reader);
      else
        limn_json_skip (&reader->json);
    }
  reader->depth--;
}

static gboolean
read_boolean (Reader *reader)
{
  gboolean value = limn_json_peek (&reader->json) == 't';

  limn_json_skip (&reader->json);
  return value;
}

static const char *
read_string (Reader *reader)
{
  g_string_truncate (reader->text, 0);
  if (limn_json_peek (&reader->json) == '"')
    limn_json_string (&reader->json, reader->text);
  else
    limn_json_skip (&reader->json);
  return reader->text->str;
}

/* --- the vocabulary ---------------------------------------------------------------------------------------------- */

static void
read_vocabulary (Reader *reader)
{
  if (limn_json_peek (&reader->json) != '{')
    {
      reader->other_kind = TRUE;
      limn_json_skip (&reader->json);
      return;
    }
  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      gint64 id;

      limn_json_key (&reader->json, reader->text);
      id = limn_json_integer (&reader->json);
      if (!reader->json.failed && !limn_vocabulary_add (reader->tokenizer->vocabulary, reader->text->str, id))
        reader->json.failed = TRUE;
    }
}

static void
add_merge (Reader     *reader,
           const char *left,
           const char *right)
{
  if (!limn_vocabulary_add_merge (reader->tokenizer->vocabulary, left, right))
    reader->bad_merge = TRUE;
}

/* "left right" */
static void
add_merge_line (Reader *reader,
                char   *line)
{
  char *space = strchr (line + (line[0] == ' '), ' ');

  if (space == NULL)
    {
      reader->bad_merge = TRUE;
      return;
    }
  *space = '\0';
  add_merge (reader, line, space + 1);
}

static void
read_merge (Reader *reader)
{
  if (limn_json_peek (&reader->json) == '"')
    {
      limn_json_string (&reader->json, reader->text);
      add_merge_line (reader, reader->text->str);
      return;
    }
  limn_json_open (&reader->json, '[');
  limn_json_more (&reader->json, ']');
  limn_json_string (&reader->json, reader->text);
  limn_json_more (&reader->json, ']');
  limn_json_string (&reader->json, reader->other);
  if (limn_json_more (&reader->json, ']'))
    reader->json.failed = TRUE;
  if (!reader->json.failed)
    add_merge (reader, reader->text->str, reader->other->str);
}

static void
read_merges (Reader *reader)
{
  limn_json_open (&reader->json, '[');
  while (limn_json_more (&reader->json, ']'))
    read_merge (reader);
}

/* --- tokenizer.json ---------------------------------------------------------------------------------------------- */

static void
read_model_type (Reader *reader)
{
  reader->other_kind = reader->other_kind || !g_str_equal (read_string (reader), "BPE");
}

static void
read_suffix (Reader *reader)
{
  char *suffix = g_strdup (read_string (reader));

  g_free (reader->tokenizer->suffix);
  reader->tokenizer->suffix = suffix;
}

static void
read_model (Reader *reader)
{
  static const Member members[] = {
    { "type", read_model_type },
    { "end_of_word_suffix", read_suffix },
    { "vocab", read_vocabulary },
    { "merges", read_merges },
  };

  read_object (reader, members, G_N_ELEMENTS (members));
}

static void read_normalizer (Reader *reader);

static void
read_normalizers (Reader *reader)
{
  limn_json_open (&reader->json, '[');
  while (limn_json_more (&reader->json, ']'))
    read_normalizer (reader);
}

static void
read_normalizer_type (Reader *reader)
{
  const char *type = read_string (reader);

  if (g_str_equal (type, "NFC"))
    reader->tokenizer->compose = TRUE;
  else if (g_str_equal (type, "Lowercase"))
    reader->tokenizer->lower = TRUE;
  else if (!g_str_equal (type, "Sequence"))
    reader->other_kind = TRUE;
}

static void
read_normalizer (Reader *reader)
{
  static const Member members[] = {
    { "type", read_normalizer_type },
    { "normalizers", read_normalizers },
  };

  read_object (reader, members, G_N_ELEMENTS (members));
}

static void read_cutter (Reader *reader);

static void
read_cutters (Reader *reader)
{
  limn_json_open (&reader->json, '[');
  while (limn_json_more (&reader->json, ']'))
    read_cutter (reader);
}

static void
read_cutter_type (Reader *reader)
{
  const char *type = read_string (reader);

  if (!g_str_equal (type, "ByteLevel") && !g_str_equal (type, "Sequence") && !g_str_equal (type, "Split"))
    reader->other_kind = TRUE;
}

static void
read_prefix_space (Reader *reader)
{
  reader->tokenizer->prefix_space = read_boolean (reader);
}

static void
read_use_regex (Reader *reader)
{
  if (read_boolean (reader))
    limn_tokenizer_set_words (reader->tokenizer, limn_words_gpt2);
}

static void
read_pattern_regex (Reader *reader)
{
  if (!limn_tokenizer_set_words (reader->tokenizer, read_string (reader)))
    reader->other_kind = TRUE;
}

static void
read_pattern (Reader *reader)
{
  static const Member members[] = { { "Regex", read_pattern_regex } };

  read_object (reader, members, G_N_ELEMENTS (members));
}

static void
read_cutter (Reader *reader)
{
  static const Member members[] = {
    { "type", read_cutter_type },
    { "add_prefix_space", read_prefix_space },
    { "use_regex", read_use_regex },
    { "pattern", read_pattern },
    { "pretokenizers", read_cutters },
  };

  read_object (reader, members, G_N_ELEMENTS (members));
}

static void
read_added_token (Reader *reader)
{
  g_autofree char *content = NULL;
  gint64           id = -1;

  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      limn_json_key (&reader->json, reader->key);
      if (g_str_equal (reader->key->str, "id"))
        id = limn_json_integer (&reader->json);
      else if (g_str_equal (reader->key->str, "content") && content == NULL)
        content = g_strdup (read_string (reader));
      else
        limn_json_skip (&reader->json);
    }
  if (reader->json.failed || content == NULL || content[0] == '\0' || id < 0 || id >= LIMN_VOCABULARY_MAX)
    reader->json.failed = TRUE;
  else
    limn_tokenizer_add_token (reader->tokenizer, content, (gint32) id);
}

static void
read_added_tokens (Reader *reader)
{
  limn_json_open (&reader->json, '[');
  while (limn_json_more (&reader->json, ']'))
    read_added_token (reader);
}

static void
read_tokenizer (Reader *reader)
{
  static const Member members[] = {
    { "added_tokens", read_added_tokens },
    { "normalizer", read_normalizer },
    { "pre_tokenizer", read_cutter },
    { "model", read_model },
  };

  read_object (reader, members, G_N_ELEMENTS (members));
}

/* --- tokenizer_config.json --------------------------------------------------------------------------------------- */

/* {"151643": {"content": "…"}, …} */
static void
read_decoder (Reader *reader)
{
  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      g_autofree char *content = NULL;
      guint64          id = G_MAXUINT64;

      limn_json_key (&reader->json, reader->key);
      if (!g_ascii_string_to_unsigned (reader->key->str, 10, 0, LIMN_VOCABULARY_MAX - 1, &id, NULL))
        reader->json.failed = TRUE;
      limn_json_open (&reader->json, '{');
      while (limn_json_more (&reader->json, '}'))
        {
          limn_json_key (&reader->json, reader->key);
          if (g_str_equal (reader->key->str, "content") && content == NULL)
            content = g_strdup (read_string (reader));
          else
            limn_json_skip (&reader->json);
        }
      if (!reader->json.failed && content != NULL && content[0] != '\0')
        limn_tokenizer_add_token (reader->tokenizer, content, (gint32) id);
    }
}

static void
read_tokenizer_config (Reader *reader)
{
  static const Member members[] = { { "added_tokens_decoder", read_decoder } };

  read_object (reader, members, G_N_ELEMENTS (members));
}

/* --- files ------------------------------------------------------------------------------------------------------- */

static gboolean
read_json_file (LimnTokenizer *tokenizer,
                const char    *path,
                ReadMember     read,
                GError       **error)
{
  gsize            size = 0;
  g_autofree char *text = limn_file_read (path, MAX_FILE_SIZE, &size, error);
  g_autoptr (GString) key = g_string_new (NULL);
  g_autoptr (GString) value = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);
  Reader reader = {
    .tokenizer = tokenizer, .path = path, .key = key, .text = value, .other = other
  };

  if (text == NULL)
    return FALSE;
  limn_json_init (&reader.json, text, size);
  read (&reader);
  limn_json_finish (&reader.json);
  if (reader.json.failed)
    return limn_file_error (error, path,
                            "is no sound vocabulary (at byte %" G_GSIZE_FORMAT
                            "); download the model again",
                            (gsize) (reader.json.at - text));
  if (reader.bad_merge)
    return limn_file_error (
        error, path,
        "merges tokens that its vocabulary does not have; download the model again");
  if (!reader.other_kind)
    return TRUE;
  g_set_error (
      error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
      "%s: is not byte-level BPE, the only kind of tokenizer that is understood so far", path);
  return FALSE;
}

static gboolean
read_merges_file (LimnTokenizer *tokenizer,
                  const char    *path,
                  GError       **error)
{
  gsize            size = 0;
  g_autofree char *text = limn_file_read (path, MAX_FILE_SIZE, &size, error);
  Reader           reader = { .tokenizer = tokenizer, .path = path };
  gboolean         first = TRUE;

  if (text == NULL)
    return FALSE;
  if (strlen (text) != size || !g_utf8_validate (text, (gssize) size, NULL))
    return limn_file_error (error, path, "is not text; download the model again");
  for (char *line = text, *next; line != NULL; line = next)
    {
      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      g_strchomp (line);
      if (line[0] != '\0' && !(first && g_str_has_prefix (line, "#version")))
        add_merge_line (&reader, line);
      first = FALSE;
    }
  if (reader.bad_merge)
    return limn_file_error (
        error, path, "merges tokens that vocab.json does not have; download the model again");
  return TRUE;
}

/* What known vocabularies call the ends of a sequence. */
static void
find_specials (LimnTokenizer *tokenizer)
{
  gboolean clip = tokenizer->suffix[0] != '\0';

  tokenizer->start = limn_tokenizer_find (tokenizer, "<|startoftext|>");
  tokenizer->end = limn_tokenizer_find (tokenizer, clip ? "<|endoftext|>" : "<end>");
  tokenizer->pad = limn_tokenizer_find (
      tokenizer,
      clip || limn_tokenizer_find (tokenizer, "<pad>") < 0 ? "<|endoftext|>" : "<pad>");
}

/* CLIP's special tokens are in its vocabulary; GPT-2's kin name theirs in the configuration. */
static void
set_kind (LimnTokenizer *tokenizer)
{
  static const char *const specials[] = { "<|startoftext|>", "<|endoftext|>" };
  gboolean                 clip = limn_vocabulary_find (tokenizer->vocabulary, "a</w>") >= 0;

  if (!clip)
    {
      tokenizer->compose = TRUE;
      limn_tokenizer_set_words (tokenizer, limn_words_qwen);
      return;
    }
  g_free (tokenizer->suffix);
  tokenizer->suffix = g_strdup ("</w>");
  tokenizer->clean_clip = TRUE;
  limn_tokenizer_set_words (tokenizer, limn_words_clip);
  for (guint i = 0; i < G_N_ELEMENTS (specials); i++)
    {
      gint32 id = limn_vocabulary_find (tokenizer->vocabulary, specials[i]);

      if (id >= 0)
        limn_tokenizer_add_token (tokenizer, specials[i], id);
    }
}

static gboolean
read_vocabulary_files (LimnTokenizer *tokenizer,
                       const char    *folder,
                       GError       **error)
{
  g_autofree char *vocabulary = g_build_filename (folder, "vocab.json", NULL);
  g_autofree char *merges = g_build_filename (folder, "merges.txt", NULL);
  g_autofree char *config = g_build_filename (folder, "tokenizer_config.json", NULL);

  if (!read_json_file (tokenizer, vocabulary, read_vocabulary, error) || !read_merges_file (tokenizer, merges, error))
    return FALSE;
  set_kind (tokenizer);
  if (tokenizer->clean_clip || !g_file_test (config, G_FILE_TEST_EXISTS))
    return TRUE;
  return read_json_file (tokenizer, config, read_tokenizer_config, error);
}

LimnTokenizer *
limn_tokenizer_open (const char *folder,
                     GError    **error)
{
  g_autoptr (LimnTokenizer) tokenizer = limn_tokenizer_new ();
  g_autofree char *whole = g_build_filename (folder, "tokenizer.json", NULL);
  g_autofree char *vocabulary = g_build_filename (folder, "vocab.json", NULL);
  gboolean         read;

  /* Both are common in one folder: the older pair is CLIP's reference, whose fast twin differs for some texts. */
  if (g_file_test (vocabulary, G_FILE_TEST_EXISTS) || !g_file_test (whole, G_FILE_TEST_EXISTS))
    read = read_vocabulary_files (tokenizer, folder, error);
  else
    read = read_json_file (tokenizer, whole, read_tokenizer, error);
  if (!read)
    return NULL;
  if (limn_vocabulary_size (tokenizer->vocabulary) == 0)
    {
      limn_file_error (error, folder,
                       "has a tokenizer without a vocabulary; download the model again");
      return NULL;
    }
  find_specials (tokenizer);
  return g_steal_pointer (&tokenizer);
}
