/* Chunks of tokens: commas, BREAK, embeddings, weights, and long texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/chunks.h"

#include "engine/tokenizers/vocabulary.h"

#include <glib/gstdio.h>
#include <string.h>

#define ROW LIMN_CHUNK_LENGTH
#define TEXT (ROW - 2)
#define START 256
#define END 257
#define PAD 9

/* A vocabulary of bytes: a letter that is a word is one token. */
#define WORD(letter) (1000 + (letter))
#define COMMA WORD (',')

static LimnTokenizer *
open_letters (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-chunks-XXXXXX", NULL);
  g_autofree char *vocabulary = g_build_filename (folder, "vocab.json", NULL), *merges = g_build_filename (folder, "merges.txt", NULL);
  g_autoptr (GString) json = g_string_new ("{");
  LimnTokenizer *tokenizer;

  for (int byte = 0; byte < 256; byte++)
    {
      g_autoptr (GString) token = g_string_new (NULL);

      limn_vocabulary_write_byte ((guint8) byte, token);
      if (g_str_equal (token->str, "\"") || g_str_equal (token->str, "\\"))
        g_string_prepend_c (token, '\\');
      g_string_append_printf (json, "\"%s\":%d,\"%s</w>\":%d,", token->str, byte, token->str, WORD (byte));
    }
  g_string_append_printf (json, "\"<|startoftext|>\":%d,\"<|endoftext|>\":%d}", START, END);
  g_assert_true (g_file_set_contents (vocabulary, json->str, -1, NULL));
  g_assert_true (g_file_set_contents (merges, "#version: 0.2\n", -1, NULL));
  tokenizer = limn_tokenizer_open (folder, NULL);
  g_unlink (vocabulary);
  g_unlink (merges);
  g_rmdir (folder);
  g_assert_nonnull (tokenizer);
  return tokenizer;
}

static LimnChunks *
make_chunks (LimnTokenizer            *tokenizer,
             const LimnEmbeddingNames *names,
             const char               *text)
{
  g_autoptr (GPtrArray) segments = limn_prompt_segments (text);
  g_autoptr (GError) error = NULL;
  LimnChunks *chunks = limn_chunks_new (tokenizer, segments, names, ROW, PAD, &error);

  g_assert_no_error (error);
  return chunks;
}

/* "b b b": @n words. */
static char *
words (const char *word,
       int         n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s ", word);
  return g_strdup (text->str);
}

/* Tokens of text in chunk @chunk, all of them alike from start to padding. */
static int
count_text (const LimnChunks *chunks,
            int               chunk)
{
  const gint32 *row = chunks->tokens + chunk * chunks->length;
  int           n = 0;

  g_assert_cmpint (row[0], ==, START);
  while (row[1 + n] != END)
    n++;
  for (int i = n + 2; i < chunks->length; i++)
    g_assert_cmpint (row[i], ==, PAD);
  return n;
}

static void
test_short (void)
{
  const gint32 want[] = { START, WORD ('a'), COMMA, WORD ('b'), END, PAD };
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autoptr (LimnChunks) chunks = make_chunks (tokenizer, NULL, "A, (b:1.5)"), empty = make_chunks (tokenizer, NULL, "");

  g_assert_cmpint (chunks->n, ==, 1);
  g_assert_cmpmem (chunks->tokens, sizeof want, want, sizeof want);
  g_assert_cmpfloat (chunks->weights[2], ==, 1);
  g_assert_cmpfloat (chunks->weights[3], ==, 1.5f);
  g_assert_cmpfloat (chunks->weights[4], ==, 1);
  g_assert_cmpint (chunks->n_tokens, ==, 3);
  g_assert_cmpint (empty->n, ==, 1);
  g_assert_cmpint (count_text (empty, 0), ==, 0);
  g_assert_cmpint (empty->n_tokens, ==, 0);
}

static void
test_full (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();

  for (int n = TEXT - 1; n <= 2 * TEXT + 1; n++)
    {
      g_autofree char *text = words ("b", n);
      g_autoptr (LimnChunks) chunks = make_chunks (tokenizer, NULL, text);
      int left = n;

      g_assert_cmpint (chunks->n, ==, (n + TEXT - 1) / TEXT);
      g_assert_cmpint (chunks->n_tokens, ==, n);
      for (int i = 0; i < chunks->n; i++, left -= TEXT)
        g_assert_cmpint (count_text (chunks, i), ==, MIN (left, TEXT));
    }
}

/* The comma that is @after words before the chunk is full. */
static void
test_comma (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();

  for (int after = 0; after < 30; after++)
    {
      g_autofree char *before = words ("a", TEXT - 1 - after), *tail = words ("(b:2)", after + 3),
                      *text = g_strconcat (before, ",", tail, NULL);
      g_autoptr (LimnChunks) chunks = make_chunks (tokenizer, NULL, text);
      int moved = after < 20 ? after : 0;

      g_assert_cmpint (chunks->n, ==, 2);
      g_assert_cmpint (count_text (chunks, 0), ==, TEXT - moved);
      g_assert_cmpint (count_text (chunks, 1), ==, 3 + moved);
      g_assert_cmpint (chunks->n_tokens, ==, TEXT + 3 + moved);
      for (int i = 0; i < 3 + moved; i++)
        g_assert_cmpfloat (chunks->weights[ROW + 1 + i], ==, 2);
      g_assert_cmpfloat (chunks->weights[ROW], ==, 1);
      g_assert_cmpfloat (chunks->weights[ROW + 4 + moved], ==, 1);
    }
}

/* A comma where the chunk is full begins the next one and is no place to break it at. */
static void
test_comma_first (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autofree char *before = words ("a", TEXT), *text = g_strconcat (before, ", b", NULL);
  g_autoptr (LimnChunks) chunks = make_chunks (tokenizer, NULL, text);

  g_assert_cmpint (count_text (chunks, 0), ==, TEXT);
  g_assert_cmpint (count_text (chunks, 1), ==, 2);
  g_assert_cmpint (chunks->tokens[ROW + 1], ==, COMMA);
}

static void
test_break (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autoptr (LimnChunks) two = make_chunks (tokenizer, NULL, "a BREAK b c"), last = make_chunks (tokenizer, NULL, "a BREAK"),
                         first = make_chunks (tokenizer, NULL, "BREAK BREAK a");

  g_assert_cmpint (two->n, ==, 2);
  g_assert_cmpint (count_text (two, 0), ==, 1);
  g_assert_cmpint (count_text (two, 1), ==, 2);
  g_assert_cmpint (two->n_tokens, ==, TEXT + 2);
  g_assert_cmpint (last->n, ==, 1);
  g_assert_cmpint (first->n, ==, 3);
  g_assert_cmpint (count_text (first, 1), ==, 0);
}

static void
assert_embedding (const LimnChunks *chunks,
                  guint             i,
                  const char       *name,
                  int               chunk,
                  int               place)
{
  const LimnChunkEmbedding *embedding = &g_array_index (chunks->embeddings, LimnChunkEmbedding, i);

  g_assert_cmpstr (embedding->name, ==, name);
  g_assert_cmpint (embedding->chunk, ==, chunk);
  g_assert_cmpint (embedding->place, ==, place);
  for (int k = 0; k < embedding->vectors; k++)
    g_assert_cmpint (chunks->tokens[chunk * ROW + place + k], ==, 0);
}

static void
test_embeddings (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autoptr (LimnEmbeddingNames) names = limn_embedding_names_new (tokenizer);
  g_autoptr (LimnChunks) chunks = NULL;

  g_assert_true (limn_embedding_names_add (names, "x y", 3, NULL));
  g_assert_true (limn_embedding_names_add (names, "x", 1, NULL));
  g_assert_true (limn_embedding_names_add (names, "x y z", 5, NULL));
  chunks = make_chunks (tokenizer, names, "a (x y:0.5) x q x y z");
  g_assert_cmpuint (chunks->embeddings->len, ==, 3);
  assert_embedding (chunks, 0, "x y", 0, 2);
  assert_embedding (chunks, 1, "x", 0, 5);
  assert_embedding (chunks, 2, "x y z", 0, 7);
  g_assert_cmpfloat (chunks->weights[4], ==, 0.5f);
  g_assert_cmpint (chunks->n_tokens, ==, 1 + 3 + 1 + 1 + 5);
}

/* An embedding is never divided, and moves with what follows a comma. */
static void
test_embeddings_at_the_end (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autoptr (LimnEmbeddingNames) names = limn_embedding_names_new (tokenizer);
  g_autofree char *many = words ("a", TEXT - 2), *some = words ("a", TEXT - 8), *tail = words ("b", 10);
  g_autofree char *whole = g_strconcat (many, "x c", NULL), *moved = g_strconcat ("x ", some, ", x ", tail, NULL);
  g_autoptr (LimnChunks) undivided = NULL, carried = NULL;

  g_assert_true (limn_embedding_names_add (names, "x", 3, NULL));
  undivided = make_chunks (tokenizer, names, whole);
  g_assert_cmpint (undivided->n, ==, 2);
  g_assert_cmpint (count_text (undivided, 0), ==, TEXT - 2);
  assert_embedding (undivided, 0, "x", 1, 1);
  carried = make_chunks (tokenizer, names, moved);
  g_assert_cmpint (count_text (carried, 0), ==, 3 + TEXT - 8 + 1);
  assert_embedding (carried, 0, "x", 0, 1);
  assert_embedding (carried, 1, "x", 1, 1);
}

static void
test_embeddings_refused (void)
{
  static const struct
  {
    const char *name;
    int         vectors;
  } cases[] = { { "", 1 }, { "  ", 1 }, { "a", 0 }, { "a", TEXT + 1 } };
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autoptr (LimnEmbeddingNames) names = limn_embedding_names_new (tokenizer);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (limn_embedding_names_add (names, cases[i].name, cases[i].vectors, &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
    }
}

/* --- weights ----------------------------------------------------------------------------------------------------- */

static void
test_apply_weights (void)
{
  const float before[] = { 1, 2, 3, 4, 5, 7 };
  float       z[] = { 1, 2, 3, 4, 5, 7 };
  const float weights[] = { 1, 2, 0.5 };
  double      factor = 22 / 23.0; /* sums before and after */

  limn_chunk_apply_weights (z, 3, 2, weights);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (z[i], before[i] * weights[i / 2] * factor, 1e-6);
}

static void
test_apply_no_weights (void)
{
  float       z[] = { 0.1f, -0.3f, 1e-20f, 1e20f };
  const float weights[] = { 1, 1 }, cancelling[] = { 1, 2 };
  float       sums_to_nothing[] = { 2, 2, -1, -1 };

  limn_chunk_apply_weights (z, 2, 2, weights);
  g_assert_cmpmem (z, sizeof z, ((float[]){ 0.1f, -0.3f, 1e-20f, 1e20f }), sizeof z);
  limn_chunk_apply_weights (sums_to_nothing, 2, 2, cancelling);
  g_assert_cmpfloat (sums_to_nothing[2], ==, -2);
}

/* --- long texts -------------------------------------------------------------------------------------------------- */

static void
test_long (void)
{
  g_autoptr (LimnTokenizer) tokenizer = open_letters ();
  g_autofree char *text = words ("(a), b", 100000);
  gint64           start = g_get_monotonic_time ();
  g_autoptr (LimnChunks) chunks = make_chunks (tokenizer, NULL, text);

  g_assert_cmpint (chunks->n, >=, 300000 / TEXT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunks/short", test_short);
  g_test_add_func ("/chunks/full", test_full);
  g_test_add_func ("/chunks/comma", test_comma);
  g_test_add_func ("/chunks/comma-first", test_comma_first);
  g_test_add_func ("/chunks/break", test_break);
  g_test_add_func ("/chunks/embeddings", test_embeddings);
  g_test_add_func ("/chunks/embeddings-at-the-end", test_embeddings_at_the_end);
  g_test_add_func ("/chunks/embeddings-refused", test_embeddings_refused);
  g_test_add_func ("/chunks/apply-weights", test_apply_weights);
  g_test_add_func ("/chunks/apply-no-weights", test_apply_no_weights);
  g_test_add_func ("/chunks/long", test_long);
  return g_test_run ();
}
