/* The prompt language: AUTOMATIC1111's documented cases, choices, tags, colours, and hostile texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt.h"

#include <string.h>
#include <time.h>

#define STEPS 10

/* Seconds of the processor: longer than linear time takes, shorter than quadratic time does. */
#define SECONDS_HOSTILE 10

#define HOSTILE_BYTES (1 << 18)

/* --- weights ----------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *text;
  const char *segments[12]; /* NULL in pairs with weight -1: BREAK */
  double      weights[12];
  int         n;
} WeightCase;

static const WeightCase weight_cases[] = {
  { "normal text", { "normal text" }, { 1 }, 1 },
  { "an (important) word", { "an ", "important", " word" }, { 1, 1.1, 1 }, 3 },
  { "(unbalanced", { "unbalanced" }, { 1.1 }, 1 },
  { "\\(literal\\]", { "(literal]" }, { 1 }, 1 },
  { "(unnecessary)(parens)", { "unnecessaryparens" }, { 1.1 }, 1 },
  { "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
    { "a ", "house", " ", "on", " a ", "hill", ", sun, ", "sky", "." },
    { 1, 1.5730000000000004, 1.1, 1, 1.1, 0.55, 1.1, 1.4641000000000006, 1.1 },
    9 },
  { "", { "" }, { 1 }, 1 },
  { "()", { "" }, { 1 }, 1 },
  { "[a]", { "a" }, { 1 / 1.1 }, 1 },
  { "(a: 1.5 )", { "a" }, { 1.5 }, 1 },
  { "(a:-0.5)", { "a" }, { -0.5 }, 1 },
  { "(a:1.2.3)", { "a:1.2.3" }, { 1.1 }, 1 },
  { "(a:b)", { "a:b" }, { 1.1 }, 1 },
  { "(a:.)", { "a:." }, { 1.1 }, 1 },
  { "a:1.3)", { "a:1.3)" }, { 1 }, 1 },
  { "a)b]c", { "a)b]c" }, { 1 }, 1 },
  { "a\\\\b\\c", { "a\\bc" }, { 1 }, 1 },
  { "a\\", { "a" }, { 1 }, 1 },
  { "(a [b) c]", { "a ", "b", " c" }, { 1.1, 1.1 * (1 / 1.1), 1 / 1.1 }, 3 },
  { "Steps: 20, (x)", { "Steps: 20, ", "x" }, { 1, 1.1 }, 2 },
  { "(\xf0\x9f\x8d\x8e:2)\n\xff", { "\xf0\x9f\x8d\x8e", "\n\xff" }, { 2, 1 }, 2 },
  { "a BREAK b", { "a", NULL, "b" }, { 1, -1, 1 }, 3 },
  { "BREAK\n BREAK", { "", NULL, "", NULL, "" }, { 1, -1, 1, -1, 1 }, 5 },
  { "(a BREAK b)", { "a", NULL, "b" }, { 1.1, -1, 1.1 }, 3 },
  { "BREAKS UNBREAK BREAK_", { "BREAKS UNBREAK BREAK_" }, { 1 }, 1 },
};

static void
assert_segments (const GPtrArray  *segments,
                 const WeightCase *want)
{
  for (guint i = 0; i < segments->len && i < (guint) want->n; i++)
    {
      const LimnPromptSegment *segment = segments->pdata[i];

      g_assert_cmpstr (segment->text, ==, want->segments[i]);
      if (segment->text != NULL)
        g_assert_cmpfloat (segment->weight, ==, want->weights[i]);
    }
  g_assert_cmpint ((int) segments->len, ==, want->n);
}

static void
test_weights (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (weight_cases); i++)
    {
      g_autoptr (GPtrArray) segments = limn_prompt_segments (weight_cases[i].text);

      g_test_message ("case %u", i);
      assert_segments (segments, &weight_cases[i]);
    }
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

static void
assert_text (const LimnPrompt *prompt,
             int               branch,
             int               step,
             const char       *want)
{
  g_autofree char *text = limn_prompt_text (prompt, branch, step, STEPS);

  g_assert_cmpstr (text, ==, want);
}

static const struct
{
  const char *text;
  int         last; /* step that the first text holds to */
  const char *first, *then;
} step_cases[] = {
  { "test", 10, "test", NULL },
  { "a [b:3]", 3, "a ", "a b" },
  { "a [b: 3]", 3, "a ", "a b" },
  { "a [[[b]]:2]", 2, "a ", "a [[b]]" },
  { "[(a:2):3]", 3, "", "(a:2)" },
  { "a [b : c : 1] d", 1, "a b  d", "a  c  d" },
  { "a [unbalanced", 10, "a [unbalanced", NULL },
  { "a [b:.5] c", 5, "a  c", "a b c" },
  { "((a][:b:c [d:3]", 3, "((a][:b:c ", "((a][:b:c d" },
  { "[a::0.5]x", 5, "ax", "x" },
  { "[a:b:0.29]", 2, "a", "b" }, /* 2.9 steps are 2 */
  { "[a:b:1.0]", 10, "a", NULL },
  { "[a:b:1]", 1, "a", "b" },
  { "[a:b:0]", 0, NULL, "b" },
  { "[a:b:-2]", 0, NULL, "b" },
  { "[a:b:2e0]", 2, "a", "b" },
  { "[a:b:1e300]", 10, "a", NULL },
  { "[a:b:c]", 10, "[a:b:c]", NULL },
  { "[a:b:c:3]", 10, "[a:b:c:3]", NULL },
  { "\\[a:b:3\\]", 10, "\\[a:b:3\\]", NULL },
  { "[a:b:3] | c", 10, "[a:b:3] | c", NULL }, /* the grammar has no bar there, so nothing switches */
  { "[a:b:3] (c|d)", 10, "[a:b:3] (c|d)", NULL },
  { "[a:b:3]\\", 10, "[a:b:3]\\", NULL },
  { "[a:b:3] \\| c", 3, "a \\| c", "b \\| c" },
  { "a AND b", 10, "a AND b", NULL }, /* not composed: a negative prompt */
};

static void
test_steps (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (step_cases); i++)
    {
      g_autoptr (LimnPrompt) prompt = limn_prompt_parse (step_cases[i].text, FALSE);

      g_test_message ("%s", step_cases[i].text);
      for (int step = 1; step <= STEPS; step++)
        assert_text (prompt, 0, step, step <= step_cases[i].last ? step_cases[i].first : step_cases[i].then);
    }
}

static void
test_nested_switch (void)
{
  g_autoptr (LimnPrompt) prompt = limn_prompt_parse ("a[b:[c:d:2]:1]e", TRUE);

  assert_text (prompt, 0, 1, "abe");
  assert_text (prompt, 0, 2, "ace");
  assert_text (prompt, 0, 3, "ade");
  g_assert_true (limn_prompt_changes (prompt));
}

static void
test_alternation (void)
{
  g_autoptr (LimnPrompt) two = limn_prompt_parse ("[a|(b:1.1)]", TRUE), many = limn_prompt_parse ("[fe|||]male", TRUE),
                         nested = limn_prompt_parse ("[a|[b:c:2]]", TRUE), plain = limn_prompt_parse ("(a) [b]", TRUE);

  for (int step = 1; step <= STEPS; step++)
    {
      assert_text (two, 0, step, step % 2 == 1 ? "a" : "(b:1.1)");
      assert_text (many, 0, step, step % 4 == 1 ? "female" : "male");
    }
  assert_text (nested, 0, 2, "b");
  assert_text (nested, 0, 4, "c");
  assert_text (nested, 0, 0, "a"); /* what stands for step 1 */
  g_assert_false (limn_prompt_changes (plain));
}

static void
test_branches (void)
{
  static const struct
  {
    const char *text;
    double      weight;
  } want[] = { { "a cat", 1 }, { " a [dog] ratio 16", 9 }, { " ANDROID", -0.5 }, { "", 1 }, { " x:1.2.3", 1 }, { "", .5 } };
  g_autoptr (LimnPrompt) prompt = limn_prompt_parse ("a cat \nAND a [dog] ratio 16:9 AND ANDROID :-.5 AND AND x:1.2.3 AND :0.5", TRUE);

  g_assert_cmpint (limn_prompt_branches (prompt), ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < G_N_ELEMENTS (want); i++)
    {
      assert_text (prompt, (int) i, 1, want[i].text);
      g_assert_cmpfloat (limn_prompt_branch_weight (prompt, (int) i), ==, want[i].weight);
    }
}

static void
test_at_step (void)
{
  g_autoptr (LimnPrompt) prompt = limn_prompt_parse ("[(a):b:0.5] BREAK c AND d:2", TRUE);
  g_autoptr (GPtrArray) early = limn_prompt_at_step (prompt, 5, STEPS), late = limn_prompt_at_step (prompt, 6, STEPS);
  const LimnPromptText *first = early->pdata[0], *second = early->pdata[1], *later = late->pdata[0];

  g_assert_cmpuint (early->len, ==, 2);
  assert_segments (first->segments, &(WeightCase){ NULL, { "a", "", NULL, "c" }, { 1.1, 1, -1, 1 }, 4 });
  assert_segments (later->segments, &(WeightCase){ NULL, { "b", NULL, "c" }, { 1, -1, 1 }, 3 });
  g_assert_cmpfloat (second->weight, ==, 2);
  g_assert_cmpstr (second->text, ==, " d");
}

/* --- choices ----------------------------------------------------------------------------------------------------- */

static const char *const *
wildcard_lines (const char *name,
                gpointer    data)
{
  static const char *const colours[] = { "red", "{blue|green}", "__warm/deep__", NULL }, *const warm[] = { "orange", NULL },
                           *const self[] = { "__self__", NULL }, *const bomb[] = { "__bomb__ __bomb__ x", NULL };

  if (data != NULL)
    ++*(int *) data;
  if (g_str_equal (name, "colours"))
    return colours;
  if (g_str_equal (name, "warm/deep"))
    return warm;
  if (g_str_equal (name, "self"))
    return self;
  return g_str_equal (name, "bomb") ? bomb : NULL;
}

static void
test_choices (void)
{
  static const struct
  {
    const char *text;
    guint       results;
  } cases[] = {
    { "{red|green|blue} cat", 3 },
    { "{a|{b|c}|[d|e]}{|x}", 8 },
    { "__colours__ and __colours__", 16 },
    { "{__colours__|y}", 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint64 seed = 0; seed < 200; seed++)
        {
          g_autofree char *a = limn_prompt_expand (cases[i].text, seed, wildcard_lines, NULL, NULL);
          g_autofree char *b = limn_prompt_expand (cases[i].text, seed, wildcard_lines, NULL, NULL);
          g_autofree char *again = limn_prompt_expand (a, seed + 1, wildcard_lines, NULL, NULL);

          g_assert_cmpstr (a, ==, b);
          g_assert_cmpstr (a, ==, again);
          g_assert_null (strpbrk (a, "{}_"));
          g_hash_table_add (seen, g_steal_pointer (&a));
        }
      g_assert_cmpuint (g_hash_table_size (seen), ==, cases[i].results);
    }
}

static void
test_choices_literal (void)
{
  static const char *const texts[] = { "", "a {b} c", "{a", "a|b}", "\\{a|b\\}", "{a\\|b}", "[a|b]", "__unknown__", "____", "__ a__", "a__b",
                                       "__../secret__", "__/etc__", "snake_case__", "{[a|b]}" };
  int                      asked = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = limn_prompt_expand (texts[i], 7, wildcard_lines, &asked, NULL);

      g_assert_cmpstr (text, ==, texts[i]);
    }
  g_assert_cmpint (asked, ==, 1);
}

static void
test_choices_refused (void)
{
  static const char *const texts[] = { "__self__", "__bomb__" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_prompt_expand (texts[i], 1, wildcard_lines, NULL, &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
    }
}

/* --- tags -------------------------------------------------------------------------------------------------------- */

static void
test_tags (void)
{
  static const LimnPromptTag want[] = {
    { LIMN_PROMPT_TAG_LORA, (char *) "ink", 0.8, 0.8, 2, 14 },
    { LIMN_PROMPT_TAG_LORA, (char *) "a b", 1, 1, 16, 10 },
    { LIMN_PROMPT_TAG_LORA, (char *) "x", 0.5, -1, 27, 15 },
    { LIMN_PROMPT_TAG_LORA, (char *) "y", 0.25, 2, 42, 23 },
    { LIMN_PROMPT_TAG_IGNORED, (char *) "old", 1, 1, 65, 16 },
    { LIMN_PROMPT_TAG_BAD_NUMBER, (char *) "z", 1, 1, 81, 13 },
  };
  const char *text = "a <lora:ink:0.8><lyco:a b> <lora:x:0.5:-1><lora:y:unet=2:te=0.25><hypernet:old:1><lora:z:much> <b <lora> < lora:c>";
  g_autoptr (GPtrArray) tags = NULL;
  g_autofree char *rest = limn_prompt_take_tags (text, &tags);

  g_assert_cmpstr (rest, ==, "a   <b <lora> < lora:c>");
  g_assert_cmpuint (tags->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < tags->len; i++)
    {
      const LimnPromptTag *tag = tags->pdata[i];

      g_assert_cmpint (tag->kind, ==, want[i].kind);
      g_assert_cmpstr (tag->name, ==, want[i].name);
      g_assert_cmpuint (tag->start, ==, want[i].start);
      g_assert_cmpuint (tag->length, ==, want[i].length);
      if (tag->kind != LIMN_PROMPT_TAG_LORA)
        continue;
      g_assert_cmpfloat (tag->text_weight, ==, want[i].text_weight);
      g_assert_cmpfloat (tag->image_weight, ==, want[i].image_weight);
    }
}

/* --- colours ----------------------------------------------------------------------------------------------------- */

/* A letter a byte, "." where there is no span. */
static char *
spans_as_letters (const char *text)
{
  static const char letters[] = ".ws|ABetcWu!ix";
  g_autoptr (GArray) spans = limn_prompt_spans (text, TRUE);
  char *out = g_strnfill (strlen (text), '.');
  gsize end = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const LimnPromptSpan *span = &g_array_index (spans, LimnPromptSpan, i);

      g_assert_cmpuint (span->start, >=, end);
      end = span->start + span->length;
      g_assert_cmpuint (end, <=, strlen (text));
      memset (out + span->start, letters[span->kind], span->length);
    }
  return out;
}

static void
test_spans (void)
{
  static const struct
  {
    const char *text, *want;
  } cases[] = {
    { "plain", "....." },
    { "(a:1.3) [b]", "w.wwwww w.w" },
    { "(a [b)", "w..u.w" },
    { "a) (b", ".u.u." },
    { "a:1.2)", ".....u" },
    { "[a:(b):0.5]", "s.sw.wsssss" },
    { "[a|b] {c|d|e}", "|.|.| c.c.c.c" },
    { "a AND b :1.5", "..AAA...AAAA" },
    { "a AND b :1.5 AND c", "..AAA...AAAA.AAA.." },
    { "x BREAK y", "..BBBBB.." },
    { "\\(a\\) | b", "ee.ee.!.." },
    { "<lora:a:1> <hypernet:b:1> <lora:c:d>", "tttttttttt iiiiiiiiiiiiii xxxxxxxxxx" },
    { "(__a/b__)", "wWWWWWWWw" },
    { "({a|b}", "uc.c.c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = spans_as_letters (cases[i].text), *want = g_strdelimit (g_strdup (cases[i].want), " ", '.');

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (got, ==, want);
    }
  g_assert_nonnull (limn_prompt_span_problem (LIMN_PROMPT_SPAN_UNBALANCED));
  g_assert_null (limn_prompt_span_problem (LIMN_PROMPT_SPAN_WEIGHT));
}

/* --- hostile texts ----------------------------------------------------------------------------------------------- */

static void
run_all (const char *text)
{
  g_autofree char *expanded = limn_prompt_expand (text, 1, wildcard_lines, NULL, NULL);
  g_autofree char *rest = limn_prompt_take_tags (text, NULL);
  g_autoptr (LimnPrompt) prompt = limn_prompt_parse (text, TRUE);
  g_autoptr (GPtrArray) texts = limn_prompt_at_step (prompt, 3, STEPS);
  g_autoptr (GArray) spans = limn_prompt_spans (text, TRUE);

  g_assert_nonnull (rest);
  g_assert_cmpuint (texts->len, >, 0);
  g_assert_nonnull (spans);
}

/* Much of what would overflow a stack or take quadratic time. */
static void
test_hostile (void)
{
  static const char *const patterns[] = { "(", "[", "{", ")", "]", "}", ":", "|", "\\", "(\\a", "[a:", "[a|", "{a|", "<a:", "<", "_", "__a", "__a__", " ",
                                          "a ", ": ", ":1", "BREAK ", "AND ", "(a:1.1)", "[a:b:1]", "[a|b]", "{a|b}", "\xf0\x9f\x8d\x8e", "\x80", "Steps: ", "(x", "(a\\(" };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      clock_t start = clock ();

      while (text->len < HOSTILE_BYTES)
        g_string_append (text, patterns[i]);
      run_all (text->str);
      g_assert_cmpint (clock () - start, <, SECONDS_HOSTILE * CLOCKS_PER_SEC);
    }
}

static void
test_deep_and_closed (void)
{
  static const char *const pairs[] = { "()", "[]", "{}" };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *open = g_strnfill (100000, pairs[i][0]), *close = g_strnfill (100000, pairs[i][1]),
                      *text = g_strconcat (open, "a|b:2", close, "c", NULL);

      run_all (text);
    }
}

static void
test_random (void)
{
  static const char *const pieces[] = { "(", ")", "[", "]", ":", "|", "{", "}", "\\", "a", " ", "\n", "0.5", "3", "AND", "BREAK", "<lora:", ">", "__", "\xc3\xa9", "\xe2" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (int i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (int n = g_rand_int_range (rand, 0, 30); n > 0; n--)
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
      run_all (text->str);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prompt/weights", test_weights);
  g_test_add_func ("/prompt/steps", test_steps);
  g_test_add_func ("/prompt/nested-switch", test_nested_switch);
  g_test_add_func ("/prompt/alternation", test_alternation);
  g_test_add_func ("/prompt/branches", test_branches);
  g_test_add_func ("/prompt/at-step", test_at_step);
  g_test_add_func ("/prompt/choices", test_choices);
  g_test_add_func ("/prompt/choices-literal", test_choices_literal);
  g_test_add_func ("/prompt/choices-refused", test_choices_refused);
  g_test_add_func ("/prompt/tags", test_tags);
  g_test_add_func ("/prompt/spans", test_spans);
  g_test_add_func ("/prompt/hostile", test_hostile);
  g_test_add_func ("/prompt/deep-and-closed", test_deep_and_closed);
  g_test_add_func ("/prompt/random", test_random);
  return g_test_run ();
}
