/* Fuzz target: the prompt language, from choices to chunks of tokens.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/chunks.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <string.h>

#define STEPS 7
#define CHUNK 9

/* Files of wildcards, of which two lead to each other. */
static const char *const *
wildcards (const char *name,
           gpointer    data)
{
  static const char *const colours[] = { "red", "{light|dark} blue", "", NULL }, *const there[] = { "__back__", "end", NULL }, *const back[] = { "__there__ __there__", NULL };

  if (strcmp (name, "c") == 0)
    return colours;
  if (strcmp (name, "there") == 0)
    return there;
  return strcmp (name, "back") == 0 ? back : NULL;
}

static void
check_spans (const char *text,
             gboolean    compose)
{
  g_autoptr (GArray) spans = limn_prompt_spans (text, compose);
  gsize at = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const LimnPromptSpan *span = &g_array_index (spans, LimnPromptSpan, i);

      g_assert_cmpuint (span->start, >=, at);
      g_assert_cmpuint (span->length, >, 0);
      at = span->start + span->length;
    }
  g_assert_cmpuint (at, <=, strlen (text));
}

static LimnTokenizer *
small_tokenizer (void)
{
  static const char files[] = "=== vocab.json\n{\"a\": 0, \"b\": 1, \"a</w>\": 2, \"b</w>\": 3, \"ab</w>\": 7, \",</w>\": 4, \"<|startoftext|>\": 5, \"<|endoftext|>\": 6}\n"
                              "=== merges.txt\n#version: 0.2\na b</w>\n";
  char             *folder = fuzz_unpack ((const guint8 *) files, sizeof files - 1);
  LimnTokenizer    *tokenizer = limn_tokenizer_open (folder, NULL);

  fuzz_remove (folder);
  g_assert_nonnull (tokenizer);
  return tokenizer;
}

static void
make_chunks (LimnTokenizer   *tokenizer,
             const GPtrArray *segments)
{
  g_autoptr (LimnEmbeddingNames) names = limn_embedding_names_new (tokenizer);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnChunks) chunks = NULL;

  g_assert_true (limn_embedding_names_add (names, "ab", 3, NULL));
  chunks = limn_chunks_new (tokenizer, segments, names, CHUNK, 6, &error);
  fuzz_check_error (chunks == NULL, &error);
  if (chunks == NULL)
    return;
  g_assert_cmpint (chunks->n, >=, 1);
  for (int i = 0; i < chunks->n * chunks->length; i++)
    g_assert_cmpint (chunks->tokens[i], >=, 0);
}

static void
check_steps (const char *text,
             gboolean    compose)
{
  g_autoptr (LimnPrompt) prompt = limn_prompt_parse (text, compose);
  g_autoptr (LimnTokenizer) tokenizer = small_tokenizer ();

  for (int step = 1; step <= STEPS; step += 3)
    {
      g_autoptr (GPtrArray) texts = limn_prompt_at_step (prompt, step, STEPS);

      g_assert_cmpint ((int) texts->len, ==, limn_prompt_branches (prompt));
      for (guint i = 0; i < texts->len; i++)
        {
          const LimnPromptText *branch = texts->pdata[i];

          g_assert_cmpuint (branch->segments->len, >=, 1);
          make_chunks (tokenizer, branch->segments);
        }
    }
}

static gboolean
run (const guint8 *data,
     gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size), *again = NULL, *plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *expanded = limn_prompt_expand (text, 42, wildcards, NULL, &error);
  g_autoptr (GPtrArray) tags = NULL;

  check_spans (text, TRUE);
  check_spans (text, FALSE);
  fuzz_check_error (expanded == NULL, &error);
  if (expanded == NULL)
    return FALSE;
  again = limn_prompt_expand (expanded, 7, wildcards, NULL, &error);
  g_assert_cmpstr (again, ==, expanded);
  plain = limn_prompt_take_tags (expanded, &tags);
  check_steps (plain, TRUE);
  check_steps (plain, FALSE);
  return TRUE;
}

static const FuzzSeed seeds[] = {
  { "weights", "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))). \\(b\\) (unbalanced [c)", 0 },
  { "steps", "[a:b:3] [a:b:0.5] [a|b|c] [b:2] [[a::4]:b:1] [a|b", 0 },
  { "branches", "a AND b :0.5 AND (c:1.2) BREAK ab, ab BREAK", 0 },
  { "tags", "a <lora:name:0.8> <lora:x:te=0.8:unet=0.5> <hypernet:y:1> <lora:z:q> <b", 0 },
  { "choices", "{a|b|{c|d}} __c__ __there__ {a\\|b} {x __none__", 0 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "prompt", seeds, run };
