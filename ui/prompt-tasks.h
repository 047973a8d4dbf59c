/* What the prompt pane has other threads do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draft.h"
#include "app/prompt-words.h"

G_BEGIN_DECLS

/* @requests: (nullable) (element-type LimnRequest), or @error */
typedef void (*LimnPromptRequestsFunc) (GPtrArray    *requests,
                                        const GError *error,
                                        gpointer      data);

/* See limn_draft_requests(). */
void limn_prompt_tasks_requests (const LimnDraft       *draft,
                                 LimnLibrary           *library,
                                 LimnPromptRequestsFunc func,
                                 gpointer               data);

typedef void (*LimnPromptWordsFunc) (LimnPromptWords *words,
                                     gpointer         data);

/* See limn_prompt_words_new(). */
void limn_prompt_tasks_words (LimnLibrary        *library,
                              LimnPromptWordsFunc func,
                              gpointer            data);

/* @request: (nullable): %NULL: none are stored there */
typedef void (*LimnPromptSettingsFunc) (const LimnRequest *request,
                                        gpointer           data);

/* The settings that are stored in a picture's file, of whatever program. */
void limn_prompt_tasks_settings (const char            *path,
                                 LimnPromptSettingsFunc func,
                                 gpointer               data);

G_END_DECLS
