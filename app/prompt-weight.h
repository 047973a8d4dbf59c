/* Weights in prompts, changed by a key: a word becomes (word:1.1), and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LIMN_PROMPT_WEIGHT_STEP 0.05

/**
 * LimnPromptChange:
 * @begin, @end: characters of the old text that are replaced by @text
 * @select_begin, @select_end: what to select in the new text, in characters
 */
typedef struct
{
  int   begin, end;
  char *text;
  int   select_begin, select_end;
} LimnPromptChange;

void limn_prompt_change_clear (LimnPromptChange *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnPromptChange, limn_prompt_change_clear)

/**
 * limn_prompt_weight_change:
 * @text: UTF-8
 * @begin, @end: the selection, in characters; where they are the same, the group in brackets around them, else the word there
 * @by: is added to the weight, which stays within 0…4
 * @change: (out caller-allocates): what to replace by what
 *
 * `(x:1.2)` and `<lora:x:1.2>` get another number; other text is put in brackets, and out of them when its weight is 1 again.
 *
 * Returns: %FALSE if there is no word
 */
gboolean limn_prompt_weight_change (const char       *text,
                                    int               begin,
                                    int               end,
                                    double            by,
                                    LimnPromptChange *change);

/**
 * limn_prompt_unbalanced:
 *
 * Returns: (transfer full) (element-type int): characters of @text that are brackets without a partner, in their order; `\(` is none
 */
GArray *limn_prompt_unbalanced (const char *text);

G_END_DECLS
