/* The editor of a prompt: its language in colours, brackets checked, words completed, weights and earlier prompts by keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include "app/prompt-words.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PROMPT_VIEW (limn_prompt_view_get_type ())

/**
 * LimnPromptView:
 *
 * Signals: `changed ()`; `style (const char *name)`: a named style was picked among the words to complete.
 */
G_DECLARE_FINAL_TYPE (LimnPromptView, limn_prompt_view, LIMN, PROMPT_VIEW, GtkSourceView)

/* Returns: (transfer full): without space at its ends */
char *limn_prompt_view_get_text (LimnPromptView *view);

/* Can be undone like what is typed. */
void limn_prompt_view_set_text (LimnPromptView *view,
                                const char     *text);

/* @words: what it completes, and the prompts that Alt+Up goes back to */
void limn_prompt_view_set_words (LimnPromptView  *view,
                                 LimnPromptWords *words);

/* Returns: (nullable) (transfer none): for the completion */
LimnPromptWords *limn_prompt_view_get_words (LimnPromptView *view);

void limn_prompt_view_emit_style (LimnPromptView *view,
                                  const char     *name);

G_END_DECLS
