/* Fuzz target: the files of a tokenizer, and what it then makes of a text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tokenizers/tokenizer.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
encode (LimnTokenizer *tokenizer,
        const char    *text,
        gssize         length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = limn_tokenizer_encode (tokenizer, text, length, &error);
  g_autofree char *again = NULL;

  fuzz_check_error (ids == NULL, &error);
  if (ids == NULL)
    return;
  again = limn_tokenizer_decode (tokenizer, (const gint32 *) ids->data, ids->len);
  g_assert_nonnull (again);
}

static void
encode_padded (LimnTokenizer *tokenizer)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint32 *ids = limn_tokenizer_encode_padded (tokenizer, "a ab (c) \xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80", 7, limn_tokenizer_pad (tokenizer), NULL, &error);

  fuzz_check_error (ids == NULL, &error);
}

/* The input is the prompt, too. */
static gboolean
run (const guint8 *data,
     gsize         size)
{
  char *folder = fuzz_unpack (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnTokenizer) tokenizer = limn_tokenizer_open (folder, &error);

  fuzz_remove (folder);
  fuzz_check_error (tokenizer == NULL, &error);
  if (tokenizer == NULL)
    return FALSE;
  encode_padded (tokenizer);
  encode (tokenizer, (const char *) data, (gssize) MIN (size, 2000));
  return TRUE;
}

static const FuzzSeed seeds[] = {
  { "clip",
    "=== vocab.json\n"
    "{\"a\": 0, \"b\": 1, \"a</w>\": 2, \"b</w>\": 3, \"ab</w>\": 4, \"<|startoftext|>\": 5, \"<|endoftext|>\": 6}\n"
    "=== merges.txt\n"
    "#version: 0.2\n"
    "a b</w>\n",
    0 },
  { "gpt2",
    "=== vocab.json\n"
    "{\"a\": 0, \"b\": 1, \"\xc4\xa0\": 2, \"ab\": 3, \"\xc4\xa0"
    "ab\": 4}\n"
    "=== merges.txt\n"
    "a b\n"
    "\xc4\xa0 ab\n"
    "=== tokenizer_config.json\n"
    "{\"added_tokens_decoder\": {\"7\": {\"content\": \"<|endoftext|>\", \"special\": true}}}\n",
    0 },
  { "whole",
    "=== tokenizer.json\n"
    "{\"version\": \"1.0\", \"added_tokens\": [{\"id\": 5, \"content\": \"<end>\", \"special\": true}],\n"
    "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"}, {\"type\": \"Lowercase\"}]},\n"
    "\"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false},\n"
    "\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": 0, \"b</w>\": 1, \"ab</w>\": 2}, \"merges\": [\"a b</w>\"]}}\n",
    0 },
  { "pairs",
    "=== tokenizer.json\n"
    "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [[\"a\", \"b\"]]}}\n",
    0 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "tokenizer", seeds, run };
