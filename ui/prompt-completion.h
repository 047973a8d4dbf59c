/* What the prompt's editor offers while somebody writes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/prompt-view.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PROMPT_COMPLETION (limn_prompt_completion_get_type ())
G_DECLARE_FINAL_TYPE (LimnPromptCompletion, limn_prompt_completion, LIMN, PROMPT_COMPLETION, GObject)

/* @view: owns what offers; is not kept alive by it */
GtkSourceCompletionProvider *limn_prompt_completion_new (LimnPromptView *view);

G_END_DECLS
