/* Tokenizer: text → ids of byte-level byte-pair encoding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tokenizers/tokenizer-private.h"

#include "engine/tokenizers/text.h"

#include <string.h>

/* Words that are looked up again and again while an artist edits a prompt. */
#define CACHED_WORDS 4096
#define CACHED_LENGTH 64

const char *const limn_words_clip = "(?i)'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
const char *const limn_words_gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const char *const limn_words_qwen = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
                                    "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|"
                                    "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

static void
added_token_clear (gpointer data)
{
  g_free (((LimnAddedToken *) data)->text);
}

LimnTokenizer *
limn_tokenizer_new (void)
{
  LimnTokenizer *tokenizer = g_new0 (LimnTokenizer, 1);

  tokenizer->vocabulary = limn_vocabulary_new ();
  tokenizer->added = g_array_new (FALSE, FALSE, sizeof (LimnAddedToken));
  g_array_set_clear_func (tokenizer->added, added_token_clear);
  tokenizer->suffix = g_strdup ("");
  tokenizer->start = tokenizer->end = tokenizer->pad = -1;
  tokenizer->cache = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  return tokenizer;
}

void
limn_tokenizer_free (LimnTokenizer *tokenizer)
{
  if (tokenizer == NULL)
    return;
  limn_vocabulary_free (tokenizer->vocabulary);
  g_array_unref (tokenizer->added);
  g_clear_pointer (&tokenizer->words, g_regex_unref);
  g_free (tokenizer->suffix);
  g_hash_table_unref (tokenizer->cache);
  g_free (tokenizer);
}

gboolean
limn_tokenizer_set_words (LimnTokenizer *tokenizer,
                          const char    *pattern)
{
  /* UCP: \s means Unicode's white space, too. */
  g_autofree char *unicode = g_strconcat ("(*UCP)", pattern, NULL);

  g_clear_pointer (&tokenizer->words, g_regex_unref);
  tokenizer->words = g_regex_new (unicode, G_REGEX_OPTIMIZE | G_REGEX_NO_AUTO_CAPTURE, 0, NULL);
  return tokenizer->words != NULL;
}

void
limn_tokenizer_add_token (LimnTokenizer *tokenizer,
                          const char    *text,
                          gint32         id)
{
  LimnAddedToken token = { g_strdup (text), id };

  g_array_append_val (tokenizer->added, token);
}

gint32
limn_tokenizer_start (const LimnTokenizer *tokenizer)
{
  return tokenizer->start;
}

gint32
limn_tokenizer_end (const LimnTokenizer *tokenizer)
{
  return tokenizer->end;
}

gint32
limn_tokenizer_pad (const LimnTokenizer *tokenizer)
{
  return tokenizer->pad;
}

int
limn_tokenizer_vocab_size (const LimnTokenizer *tokenizer)
{
  int size = limn_vocabulary_size (tokenizer->vocabulary);

  for (guint i = 0; i < tokenizer->added->len; i++)
    size = MAX (size, g_array_index (tokenizer->added, LimnAddedToken, i).id + 1);
  return size;
}

gint32
limn_tokenizer_find (const LimnTokenizer *tokenizer,
                     const char          *token)
{
  for (guint i = 0; i < tokenizer->added->len; i++)
    if (g_str_equal (g_array_index (tokenizer->added, LimnAddedToken, i).text, token))
      return g_array_index (tokenizer->added, LimnAddedToken, i).id;
  return limn_vocabulary_find (tokenizer->vocabulary, token);
}

/* --- encoding ---------------------------------------------------------------------------------------------------- */

/* In place; returns the new length. */
static gsize
restore_nul (char *word,
             gsize n)
{
  gsize to = 0, length = strlen (LIMN_TEXT_NUL);

  for (gsize from = 0; from < n; to++)
    {
      gboolean nul = n - from >= length && memcmp (word + from, LIMN_TEXT_NUL, length) == 0;

      word[to] = nul ? '\0' : word[from];
      from += nul ? length : 1;
    }
  return to;
}

static gboolean
encode_word (LimnTokenizer *tokenizer,
             const char    *word,
             gsize          n,
             GArray        *ids,
             GError       **error)
{
  g_autofree char *key = g_strndup (word, n);
  g_autoptr (GArray) fresh = NULL;
  const GArray *known = g_hash_table_lookup (tokenizer->cache, key);

  if (known == NULL)
    {
      g_autofree char *bytes = g_strndup (word, n);
      gsize            n_bytes = restore_nul (bytes, n);

      fresh = g_array_new (FALSE, FALSE, sizeof (gint32));
      if (!limn_vocabulary_encode (tokenizer->vocabulary, bytes, n_bytes, tokenizer->suffix, fresh))
        {
          g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE,
                       "the tokenizer's vocabulary lacks some of the 256 bytes; its files are "
                       "incomplete: download the model again");
          return FALSE;
        }
      known = fresh;
    }
  g_array_append_vals (ids, known->data, known->len);
  if (fresh != NULL && n <= CACHED_LENGTH && g_hash_table_size (tokenizer->cache) < CACHED_WORDS)
    g_hash_table_insert (tokenizer->cache, g_steal_pointer (&key), g_steal_pointer (&fresh));
  return TRUE;
}

static char *
prepare_text (const LimnTokenizer *tokenizer,
              const char          *text)
{
  char *result = tokenizer->clean_clip ? limn_text_clean_clip (text) : g_strdup (text);

  if (tokenizer->compose)
    {
      g_autofree char *before = result;

      result = limn_text_compose (before);
    }
  if (tokenizer->lower)
    {
      g_autofree char *before = result;

      result = limn_text_lower (before, FALSE);
    }
  if (tokenizer->prefix_space && result[0] != ' ' && result[0] != '\0')
    {
      g_autofree char *before = result;

      result = g_strconcat (" ", before, NULL);
    }
  return result;
}

/* Encodes text that holds no added token. */
static gboolean
encode_text (LimnTokenizer *tokenizer,
             const char    *text,
             GArray        *ids,
             GError       **error)
{
  g_autofree char *prepared = prepare_text (tokenizer, text);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GError) failed = NULL;

  if (tokenizer->words == NULL)
    return prepared[0] == '\0' || encode_word (tokenizer, prepared, strlen (prepared), ids, error);
  g_regex_match_full (tokenizer->words, prepared, -1, 0, 0, &match, &failed);
  while (failed == NULL && g_match_info_matches (match))
    {
      int begin, end;

      g_match_info_fetch_pos (match, 0, &begin, &end);
      if (end > begin && !encode_word (tokenizer, prepared + begin, (gsize) (end - begin), ids, error))
        return FALSE;
      g_match_info_next (match, &failed);
    }
  if (failed == NULL)
    return TRUE;
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
               "the prompt cannot be cut into words (%s); shorten it", failed->message);
  return FALSE;
}

/* The added token that stands first in @text, the longest of those that begin there. */
static const LimnAddedToken *
find_added (const LimnTokenizer *tokenizer,
            const char          *text,
            const char         **at)
{
  const LimnAddedToken *found = NULL;

  *at = NULL;
  for (guint i = 0; i < tokenizer->added->len; i++)
    {
      const LimnAddedToken *token = &g_array_index (tokenizer->added, LimnAddedToken, i);
      const char           *place = strstr (text, token->text);

      if (place == NULL || (*at != NULL && place > *at) || (*at == place && strlen (token->text) <= strlen (found->text)))
        continue;
      *at = place;
      found = token;
    }
  return found;
}

/* @text as UTF-8 without U+0000, at which everything below would end: a noncharacter, which behaves alike, stands for it. */
static char *
make_valid (const char *text,
            gssize      length)
{
  g_autoptr (GString) valid = g_string_new (NULL);
  gsize n = length < 0 ? strlen (text) : (gsize) length;

  for (gsize i = 0; i < n; i++)
    if (text[i] != '\0')
      g_string_append_c (valid, text[i]);
    else
      g_string_append (valid, LIMN_TEXT_NUL);
  return g_utf8_make_valid (valid->str, (gssize) valid->len);
}

GArray *
limn_tokenizer_encode (LimnTokenizer *tokenizer,
                       const char    *text,
                       gssize         length,
                       GError       **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autofree char      *valid = make_valid (text, length);
  const char           *rest = valid, *at;
  const LimnAddedToken *token;

  while ((token = find_added (tokenizer, rest, &at)) != NULL)
    {
      g_autofree char *before = g_strndup (rest, (gsize) (at - rest));

      if (!encode_text (tokenizer, before, ids, error))
        return NULL;
      g_array_append_val (ids, token->id);
      rest = at + strlen (token->text);
    }
  if (!encode_text (tokenizer, rest, ids, error))
    return NULL;
  return g_steal_pointer (&ids);
}

gint32 *
limn_tokenizer_encode_padded (LimnTokenizer *tokenizer,
                              const char    *text,
                              int            length,
                              gint32         pad,
                              int           *n_used,
                              GError       **error)
{
  g_autoptr (GArray) ids = limn_tokenizer_encode (tokenizer, text, -1, error);
  gint32 *padded;
  int     n = 0, ends = (tokenizer->start >= 0) + (tokenizer->end >= 0);

  g_return_val_if_fail (length >= 2, NULL);
  if (ids == NULL)
    return NULL;
  padded = g_new (gint32, length);
  if (tokenizer->start >= 0)
    padded[n++] = tokenizer->start;
  for (int i = 0; i < MIN ((int) ids->len, length - ends); i++)
    padded[n++] = g_array_index (ids, gint32, i);
  if (tokenizer->end >= 0)
    padded[n++] = tokenizer->end;
  if (n_used != NULL)
    *n_used = n;
  while (n < length)
    padded[n++] = pad;
  return padded;
}

/* --- decoding ---------------------------------------------------------------------------------------------------- */

static const char *
added_text (const LimnTokenizer *tokenizer,
            gint32               id)
{
  for (guint i = 0; i < tokenizer->added->len; i++)
    if (g_array_index (tokenizer->added, LimnAddedToken, i).id == id)
      return g_array_index (tokenizer->added, LimnAddedToken, i).text;
  return NULL;
}

static void
append_bytes (const LimnTokenizer *tokenizer,
              const char          *token,
              GString             *out)
{
  gsize    n = strlen (token), suffix = strlen (tokenizer->suffix);
  gboolean ends = suffix > 0 && n >= suffix && strcmp (token + n - suffix, tokenizer->suffix) == 0;

  for (const char *at = token; at < token + n - (ends ? suffix : 0); at = g_utf8_next_char (at))
    {
      int byte = limn_vocabulary_read_byte (g_utf8_get_char (at));

      if (byte >= 0)
        g_string_append_c (out, (char) byte);
    }
  if (ends)
    g_string_append_c (out, ' ');
}

char *
limn_tokenizer_decode (LimnTokenizer *tokenizer,
                       const gint32  *ids,
                       gsize          n)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      const char *added = added_text (tokenizer, ids[i]),
                 *token = limn_vocabulary_token (tokenizer->vocabulary, ids[i]);

      if (added != NULL)
        g_string_append (out, added);
      else if (token != NULL)
        append_bytes (tokenizer, token, out);
    }
  return g_utf8_make_valid (out->str, (gssize) out->len);
}
