/* The prompt and what goes with it; the queue below.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PROMPT_PANE (limn_prompt_pane_get_type ())

/* Signal `message (const char *)`: something to tell for a moment. */
G_DECLARE_FINAL_TYPE (LimnPromptPane, limn_prompt_pane, LIMN, PROMPT_PANE, AdwBin)

void limn_prompt_pane_set_studio (LimnPromptPane *pane,
                                  LimnStudio     *studio);

G_END_DECLS
