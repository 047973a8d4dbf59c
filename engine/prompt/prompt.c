/* A prompt and its branches: what AND joins, each with its weight.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <string.h>

static void
branch_free (gpointer data)
{
  LimnBranch *branch = data;

  g_free (branch->text);
  g_array_unref (branch->items);
  g_free (branch);
}

static gboolean
is_decimal (char c)
{
  return g_ascii_isdigit (c) || c == '.';
}

/* "text :1.5" is text and weight; white space around either weight or end is of neither. Returns: where the text ends. */
static gsize
read_weight (LimnRange range,
             double   *weight)
{
  gsize     end = limn_scan_space_back (range, range.length), start = end, colon;
  LimnRange number;

  while (start > 0 && is_decimal (range.text[start - 1]))
    start--;
  if (start > 0 && start < end && (range.text[start - 1] == '+' || range.text[start - 1] == '-'))
    start--;
  number = (LimnRange){ range.text + start, end - start };
  colon = limn_scan_space_back (range, start);
  if (colon == 0 || range.text[colon - 1] != ':' || !limn_scan_number (number, FALSE, weight))
    {
      *weight = 1;
      return end;
    }
  return limn_scan_space_back (range, colon - 1);
}

static void
add_branch (LimnPrompt *prompt,
            LimnRange   range,
            gsize       start,
            gsize       end,
            gboolean    weighted)
{
  LimnBranch *branch = g_new0 (LimnBranch, 1);
  LimnRange   part = { range.text + start, end - start };

  branch->weight = 1;
  branch->start = start;
  branch->end = start + (weighted ? read_weight (part, &branch->weight) : part.length);
  branch->after = end;
  branch->text = g_strndup (part.text, branch->end - start);
  branch->items = limn_schedule_parse (branch->text, &branch->literal);
  g_ptr_array_add (prompt->branches, branch);
}

LimnPrompt *
limn_prompt_parse (const char *text,
                   gboolean    compose)
{
  LimnPrompt *prompt = g_new0 (LimnPrompt, 1);
  LimnRange   range = { text, strlen (text) };
  gsize       start = 0, at;

  prompt->branches = g_ptr_array_new_with_free_func (branch_free);
  while (compose && limn_scan_find_word (range, "AND", start, &at))
    {
      add_branch (prompt, range, start, at, TRUE);
      start = at + strlen ("AND");
    }
  add_branch (prompt, range, start, range.length, compose);
  return prompt;
}

void
limn_prompt_free (LimnPrompt *prompt)
{
  if (prompt == NULL)
    return;
  g_ptr_array_unref (prompt->branches);
  g_free (prompt);
}

int
limn_prompt_branches (const LimnPrompt *prompt)
{
  return (int) prompt->branches->len;
}

double
limn_prompt_branch_weight (const LimnPrompt *prompt,
                           int               branch)
{
  return ((const LimnBranch *) prompt->branches->pdata[branch])->weight;
}

gboolean
limn_prompt_changes (const LimnPrompt *prompt)
{
  for (guint i = 0; i < prompt->branches->len; i++)
    {
      const LimnBranch *branch = prompt->branches->pdata[i];

      for (guint k = 0; k < branch->items->len && !branch->literal; k++)
        if (g_array_index (branch->items, LimnItem, k).kind != LIMN_ITEM_TEXT)
          return TRUE;
    }
  return FALSE;
}

char *
limn_prompt_text (const LimnPrompt *prompt,
                  int               branch,
                  int               step,
                  int               steps)
{
  const LimnBranch *read = prompt->branches->pdata[branch];

  if (read->literal)
    return g_strdup (read->text);
  return limn_schedule_text (read->text, read->items, MAX (1, step), steps);
}

static void
text_free (gpointer data)
{
  LimnPromptText *text = data;

  g_free (text->text);
  g_ptr_array_unref (text->segments);
  g_free (text);
}

GPtrArray *
limn_prompt_at_step (const LimnPrompt *prompt,
                     int               step,
                     int               steps)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (text_free);

  for (int i = 0; i < limn_prompt_branches (prompt); i++)
    {
      LimnPromptText *text = g_new (LimnPromptText, 1);

      text->weight = limn_prompt_branch_weight (prompt, i);
      text->text = limn_prompt_text (prompt, i, step, steps);
      text->segments = limn_prompt_segments (text->text);
      g_ptr_array_add (texts, text);
    }
  return texts;
}
