/* Pictures dropped on the prompt give it their settings; pictures pasted there are to start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/prompt-pane-private.h"

G_BEGIN_DECLS

void limn_prompt_pane_add_drops (LimnPromptPane *pane);

G_END_DECLS
