/* The prompt and what goes with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/draft.h"
#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PROMPT_PANE (limn_prompt_pane_get_type ())

/*
 * Signals: `message (const char *)`: something to tell for a moment; `mask (gint64 id)`: the mask of that picture is to be painted; `styles ()`: the named
 * styles that are chosen have changed; `settings (gint64 id)`: those of that picture are wanted. Action: prompt.make.
 */
G_DECLARE_FINAL_TYPE (LimnPromptPane, limn_prompt_pane, LIMN, PROMPT_PANE, AdwBin)

/* Shows what was being written when the program was last closed. */
void limn_prompt_pane_set_studio (LimnPromptPane *pane,
                                  LimnStudio     *studio);

/* @request: (transfer none): of a picture: all its settings, with its seed or without */
void limn_prompt_pane_use (LimnPromptPane    *pane,
                           const LimnRequest *request,
                           gboolean           seed);
void limn_prompt_pane_use_seed (LimnPromptPane *pane,
                                gint64          seed);

/* @id: the picture to start from; 0: none */
void limn_prompt_pane_set_source (LimnPromptPane *pane,
                                  gint64          id);

/* The mask of the picture to start from, and what goes with it, as the editor of masks has made it. */
void limn_prompt_pane_set_mask (LimnPromptPane    *pane,
                                gint64             id,
                                const LimnRequest *request);

/* Looks for models again. */
void limn_prompt_pane_list_models (LimnPromptPane *pane);

/* Named styles: (transfer full) (array zero-terminated=1) */
char   **limn_prompt_pane_get_styles (LimnPromptPane *pane);
gboolean limn_prompt_pane_has_style (LimnPromptPane *pane,
                                     const char     *name);
void     limn_prompt_pane_set_style (LimnPromptPane *pane,
                                     const char     *name,
                                     gboolean        chosen);

/* Asks for pictures of @draft, which need not be the one that is shown. */
void limn_prompt_pane_make (LimnPromptPane  *pane,
                            const LimnDraft *draft);

/* Returns: what is shown, for limn_draft_clear() */
void limn_prompt_pane_get_draft (LimnPromptPane *pane,
                                 LimnDraft      *draft);

/* Writes what is shown to the disk, if it changed. */
void limn_prompt_pane_save (LimnPromptPane *pane);

G_END_DECLS
