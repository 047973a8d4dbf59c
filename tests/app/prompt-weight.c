/* Weights of words in prompts, brackets without a partner.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/prompt-weight.h"

/* In these texts, | stands at both ends of the selection. */
typedef struct
{
  const char *before;
  double      by;
  const char *after;
} Case;

static const Case cases[] = {
  { "a red| apple", 0.05, "a (|red|:1.05) apple" },
  { "a |r|ed apple", 0.1, "a (|red|:1.1) apple" },
  { "a (re|d:1.1) apple", 0.1, "a (|red|:1.2) apple" },
  { "a (red:1.05|) apple", -0.05, "a |red| apple" },
  { "a (|red|:1.1) apple", -0.2, "a (|red|:0.9) apple" },
  { "|a red apple|", 0.1, "(|a red apple|:1.1)" },
  { "| a red apple |", 0.1, " (|a red apple|:1.1) " },
  { "(red| apple)", 0.1, "(|red apple|:1.2)" },
  { "<lora:se|a:0.8>", 0.05, "<|lora:sea|:0.85>" },
  { "<lora:se|a>", -0.1, "<|lora:sea|:0.9>" },
  { "((a:1.3) b|)", 0.1, "(|(a:1.3) b|:1.2)" },
  { "\\(re|d\\)", 0.1, "\\((|red|:1.1)\\)" },
  { "grün|es Äpfelchen", 0.1, "(|grünes|:1.1) Äpfelchen" },
  { "(x|:0)", -0.1, "(|x|:0)" },
  { "(x|:4)", 0.1, "(|x|:4)" },
};

static char *
take_marks (const char *marked,
            int        *begin,
            int        *end)
{
  g_auto (GStrv) parts = g_strsplit (marked, "|", 3);

  *begin = (int) g_utf8_strlen (parts[0], -1);
  *end = parts[2] != NULL ? *begin + (int) g_utf8_strlen (parts[1], -1) : *begin;
  return g_strjoinv ("", parts);
}

static char *
apply (const char             *text,
       const LimnPromptChange *change)
{
  g_autofree char *head = g_utf8_substring (text, 0, change->begin);
  g_autofree char *whole = g_strconcat (head, change->text, g_utf8_offset_to_pointer (text, change->end), NULL);
  g_autofree char *before = g_utf8_substring (whole, 0, change->select_begin);
  g_autofree char *selected = g_utf8_substring (whole, change->select_begin, change->select_end);

  return g_strconcat (before, "|", selected, "|", g_utf8_offset_to_pointer (whole, change->select_end), NULL);
}

static void
test_change (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LimnPromptChange) change = { 0 };
      int              begin, end;
      g_autofree char *text = take_marks (cases[i].before, &begin, &end);
      g_autofree char *after = NULL;

      g_assert_true (limn_prompt_weight_change (text, begin, end, cases[i].by, &change));
      after = apply (text, &change);
      g_assert_cmpstr (after, ==, cases[i].after);
    }
}

static void
test_nothing (void)
{
  g_auto (LimnPromptChange) change = { 0 };

  g_assert_false (limn_prompt_weight_change ("", 0, 0, 0.1, &change));
  g_assert_false (limn_prompt_weight_change ("a ,  b", 3, 4, 0.1, &change));
  g_assert_false (limn_prompt_weight_change ("a", 5, 9, 0.1, &change) && change.end > 1);
}

static void
assert_unbalanced (const char *text,
                   const char *expected)
{
  g_autoptr (GArray) found = limn_prompt_unbalanced (text);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (list, "%d ", g_array_index (found, int, i));
  g_assert_cmpstr (list->str, ==, expected);
}

static void
test_unbalanced (void)
{
  assert_unbalanced ("(a) [b] {c|d} (e:1.2)", "");
  assert_unbalanced ("(a", "0 ");
  assert_unbalanced ("a) (b", "1 3 ");
  assert_unbalanced ("(a]", "0 2 ");
  assert_unbalanced ("\\(a \\\\(b", "6 ");
  assert_unbalanced ("äö)", "2 ");
  assert_unbalanced ("", "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/prompt-weight/change", test_change);
  g_test_add_func ("/prompt-weight/nothing", test_nothing);
  g_test_add_func ("/prompt-weight/unbalanced", test_unbalanced);
  return g_test_run ();
}
