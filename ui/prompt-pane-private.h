/* What the files of the prompt pane share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/prompt-pane.h"
#include "ui/prompt-view.h"
#include "ui/seed-row.h"
#include "ui/size-row.h"
#include "ui/source-row.h"

G_BEGIN_DECLS

struct _LimnPromptPane
{
  AdwBin      parent;
  LimnStudio *studio;
  LimnDraft   base;                          /* what no widget shows is kept here */
  GPtrArray  *models, *samplers, *schedules; /* what the drop-downs list; the first is %NULL: the starter, the model's own */
  int         own_steps;
  double      own_guidance;
  guint       save_source, estimate_source, words_source;
  gboolean    estimating, estimate_again;

  LimnPromptView *prompt, *negative;
  GtkExpander    *negative_expander;
  GtkFlowBox     *styles;
  GtkDropDown    *model, *sampler, *schedule;
  LimnSizeRow    *size;
  GtkSpinButton  *steps, *guidance, *count, *clip_skip, *hires, *rescale;
  LimnSeedRow    *seed;
  LimnSourceRow  *source;
  GtkLabel       *estimate, *make_label;
  GtkButton      *make_button;
};

/* Something has changed: the draft is saved and estimated soon. */
void limn_prompt_pane_changed (LimnPromptPane *pane);

/* ui/prompt-choices.c */
void limn_prompt_pane_bind (GtkWidgetClass *class);
void limn_prompt_pane_list_choices (LimnPromptPane *pane);
void limn_prompt_pane_load_words (LimnPromptPane *pane);
void limn_prompt_pane_clear_styles (LimnPromptPane *pane);

G_END_DECLS
