/* Tokenizers: merges in their order, odd texts, long texts, and files that lie.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tokenizers/tokenizer.h"
#include "engine/tokenizers/vocabulary.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("limn-tokenizer-XXXXXX", NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
write_file (const Fixture *fixture,
            const char    *name,
            const char    *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* All 256 bytes, then @more tokens from id 256 on. */
static char *
vocabulary_json (const char *suffix,
                 const char *more[])
{
  g_autoptr (GString) json = g_string_new ("{");
  int id = 0;

  for (int byte = 0; byte < 256; byte++)
    {
      g_autoptr (GString) token = g_string_new (NULL);

      limn_vocabulary_write_byte ((guint8) byte, token);
      if (g_str_equal (token->str, "\"") || g_str_equal (token->str, "\\"))
        g_string_prepend_c (token, '\\');
      g_string_append_printf (json, "%s\"%s\":%d", id > 0 ? "," : "", token->str, id);
      id++;
      if (suffix[0] != '\0')
        g_string_append_printf (json, ",\"%s%s\":%d", token->str, suffix, 1000 + byte);
    }
  for (int i = 0; more[i] != NULL; i++)
    g_string_append_printf (json, ",\"%s\":%d", more[i], id++);
  g_string_append_c (json, '}');
  return g_strdup (json->str);
}

static void
write_tokenizer_json (const Fixture *fixture)
{
  static const char *more[] = { "th", "the", "he", "\xc4\xa0t", "\xc4\xa0the", NULL };
  g_autofree char   *vocabulary = vocabulary_json ("", more);
  g_autofree char   *json = g_strdup_printf (
        "{\"added_tokens\":[{\"id\":300,\"content\":\"<pad>\"},{\"id\":301,\"content\":\"<end>\"}],"
          "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"Lowercase\"}]},"
          "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"use_regex\":true},"
          "\"model\":{\"type\":\"BPE\",\"vocab\":%s,\"merges\":[[\"h\",\"e\"],\"t h\",[\"\xc4\xa0\",\"t\"],[\"\xc4\xa0t\",\"he\"],[\"t\",\"he\"]]}}",
        vocabulary);

  write_file (fixture, "tokenizer.json", json);
}

static LimnTokenizer *
open_ok (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  LimnTokenizer *tokenizer = limn_tokenizer_open (fixture->folder, &error);

  g_assert_no_error (error);
  return tokenizer;
}

static void
assert_ids (LimnTokenizer *tokenizer,
            const char    *text,
            const gint32  *want,
            gsize          n)
{
  g_autoptr (GArray) ids = limn_tokenizer_encode (tokenizer, text, -1, NULL);

  g_assert_cmpmem (ids->data, ids->len * sizeof (gint32), want, n * sizeof (gint32));
}

/* " the": h e merges before Ġ t, though it stands behind. */
static void
test_merges_in_order (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (LimnTokenizer) tokenizer = NULL;

  write_tokenizer_json (fixture);
  tokenizer = open_ok (fixture);
  assert_ids (tokenizer, "the", (gint32[]){ 260 }, 1);
  assert_ids (tokenizer, "The THE", (gint32[]){ 260, 260 }, 2);
  assert_ids (tokenizer, "", NULL, 0);
  assert_ids (tokenizer, "the<end>the", (gint32[]){ 260, 301, 260 }, 3);
  g_assert_cmpint (limn_tokenizer_end (tokenizer), ==, 301);
  g_assert_cmpint (limn_tokenizer_pad (tokenizer), ==, 300);
  g_assert_cmpint (limn_tokenizer_vocab_size (tokenizer), ==, 302);
  g_assert_cmpint (limn_tokenizer_find (tokenizer, "th"), ==, 256);
}

static void
test_pads_and_truncates (Fixture      *fixture,
                         gconstpointer data)
{
  const gint32 padded[] = { 260, 301, 300, 300 }, cut[] = { 260, 260, 301 };
  g_autoptr (LimnTokenizer) tokenizer = NULL;
  g_autofree gint32 *a = NULL;
  g_autofree gint32 *b = NULL;
  int                n = 0;

  write_tokenizer_json (fixture);
  tokenizer = open_ok (fixture);
  a = limn_tokenizer_encode_padded (tokenizer, "the", 4, 300, &n, NULL);
  g_assert_cmpmem (a, sizeof padded, padded, sizeof padded);
  g_assert_cmpint (n, ==, 2);
  b = limn_tokenizer_encode_padded (tokenizer, "the the the the", 3, 300, &n, NULL);
  g_assert_cmpmem (b, sizeof cut, cut, sizeof cut);
  g_assert_cmpint (n, ==, 3);
}

static void
test_round_trip (Fixture      *fixture,
                 gconstpointer data)
{
  static const char *const texts[] = { "the cat",
                                       "\xe6\xb0\xb4\xe5\xbd\xa9 \xf0\x9f\x8d\x8e caf\xc3\xa9",
                                       "a\tb\n  c", "\"\\'" };
  g_autoptr (LimnTokenizer) tokenizer = NULL;

  write_tokenizer_json (fixture);
  tokenizer = open_ok (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GArray) ids = limn_tokenizer_encode (tokenizer, texts[i], -1, NULL);
      g_autofree char *text = limn_tokenizer_decode (tokenizer, (const gint32 *) (gpointer) ids->data, ids->len);

      g_assert_cmpstr (text + 1, ==, texts[i]); /* behind the space that was put before it */
    }
}

static void
test_invalid_utf8 (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (LimnTokenizer) tokenizer = NULL;
  g_autoptr (GArray) ids = NULL;

  write_tokenizer_json (fixture);
  tokenizer = open_ok (fixture);
  ids = limn_tokenizer_encode (tokenizer, "a\xff\xfe", -1, NULL);
  g_assert_nonnull (ids);
  g_assert_cmpuint (ids->len, >, 1);
}

/* One word of 100 kB: quadratic time would be minutes. */
static void
test_long_word (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (LimnTokenizer) tokenizer = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autofree char *text = g_malloc (100001);
  gint64           start = g_get_monotonic_time ();

  for (int i = 0; i < 100000; i++)
    text[i] = "the"[i % 3];
  text[100000] = '\0';
  write_tokenizer_json (fixture);
  tokenizer = open_ok (fixture);
  ids = limn_tokenizer_encode (tokenizer, text, -1, NULL);
  g_assert_cmpuint (ids->len, >, 30000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

static void
test_clip_pair (Fixture      *fixture,
                gconstpointer data)
{
  static const char *more[] = { "ca", "cat</w>", NULL };
  g_autofree char   *vocabulary = vocabulary_json ("</w>", more);
  g_autoptr (LimnTokenizer) tokenizer = NULL;

  write_file (fixture, "vocab.json", vocabulary);
  write_file (fixture, "merges.txt", "#version: 0.2\nc a\nca t</w>\n");
  tokenizer = open_ok (fixture);
  assert_ids (tokenizer, "  Cat\n\nCAT ", (gint32[]){ 257, 257 }, 2);
  assert_ids (tokenizer, "ca", (gint32[]){ 'c', 1000 + 'a' }, 2);
}

static void
assert_refused (const Fixture *fixture,
                const char    *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_tokenizer_open (fixture->folder, &error));
  g_assert_nonnull (error);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, message) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, message);
}

static void
test_refuses (Fixture      *fixture,
              gconstpointer data)
{
  static const struct
  {
    const char *json, *message;
  } lies[] = {
    { "", "" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":0}}}", "no sound vocabulary" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"a\":1}}}", "no sound vocabulary" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1}}}", "no sound vocabulary" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":9999999999}}}", "no sound vocabulary" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0", "no sound vocabulary" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}", "merges tokens" },
    { "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]}}", "no sound vocabulary" },
    { "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0.5]]}}", "byte-level BPE" },
    { "{\"added_tokens\":[{\"id\":1,\"content\":\"\"}]}", "no sound vocabulary" },
    { "{}", "without a vocabulary" },
    { "[]", "without a vocabulary" },
  };

  assert_refused (fixture, "vocab.json");
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      write_file (fixture, "tokenizer.json", lies[i].json);
      assert_refused (fixture, lies[i].message);
    }
}

/* A sequence in a sequence in a sequence…: the stack must hold. */
static void
test_refuses_nesting (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (GString) json = g_string_new ("{\"normalizer\":");

  for (int i = 0; i < 200000; i++)
    g_string_append (json, "{\"normalizers\":[");
  write_file (fixture, "tokenizer.json", json->str);
  assert_refused (fixture, "no sound vocabulary");
}

/* The vocabulary that ships reads fast: `limn generate` waits for it. */
static void
test_starter (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", "tokenizer", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnTokenizer) tokenizer = limn_tokenizer_open (folder, &error);
  g_autoptr (GArray) ids = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (limn_tokenizer_vocab_size (tokenizer), ==, 8192);
  g_assert_cmpint (limn_tokenizer_end (tokenizer), ==, 1);
  ids = limn_tokenizer_encode (tokenizer, "A red apple", -1, NULL);
  text = limn_tokenizer_decode (tokenizer, (const gint32 *) (gpointer) ids->data, ids->len);
  g_assert_cmpstr (text, ==, " a red apple");
  g_assert_cmpuint (ids->len, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tokenizer/merges-in-order", Fixture, NULL, set_up, test_merges_in_order, tear_down);
  g_test_add ("/tokenizer/pads-and-truncates", Fixture, NULL, set_up, test_pads_and_truncates,
              tear_down);
  g_test_add ("/tokenizer/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/tokenizer/invalid-utf8", Fixture, NULL, set_up, test_invalid_utf8, tear_down);
  g_test_add ("/tokenizer/long-word", Fixture, NULL, set_up, test_long_word, tear_down);
  g_test_add ("/tokenizer/clip-pair", Fixture, NULL, set_up, test_clip_pair, tear_down);
  g_test_add ("/tokenizer/refuses", Fixture, NULL, set_up, test_refuses, tear_down);
  g_test_add ("/tokenizer/refuses-nesting", Fixture, NULL, set_up, test_refuses_nesting, tear_down);
  g_test_add_func ("/tokenizer/starter", test_starter);
  return g_test_run ();
}
