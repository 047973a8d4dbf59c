/* What the generator is told in each step of a generation: prompts, read and encoded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/model-private.h"
#include "engine/prompt/prompt.h"

G_BEGIN_DECLS

typedef struct _LimnTexts LimnTexts;

/**
 * limn_texts_new:
 * @settings: complete; they and the model must outlive the result
 * @calls: of the generator in the whole run, of which picture to picture makes only the first
 *
 * Reads both prompts and encodes every text that some step asks for, each once. All come out with the same number of tokens: empty
 * chunks fill up the shorter ones. Texts given in the parts of @settings take the place of prompts. Families that do not weigh prompts
 * take all but tags as it is written.
 *
 * Returns: (transfer full): the texts, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT if there are too many, or an encoder's error
 */
LimnTexts *limn_texts_new (LimnModel            *model,
                           const LimnGeneration *settings,
                           int                   calls,
                           GError              **error);
void       limn_texts_free (LimnTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnTexts, limn_texts_free)

/* Samples of the generator's batch: one a branch of the prompt, and a last one for the negative prompt if limn_texts_guided(). */
int      limn_texts_samples (const LimnTexts *texts);
gboolean limn_texts_guided (const LimnTexts *texts);

/* Returns: (transfer none) (array): what the samples are told in @call of the generator, from 0 */
const LimnText **limn_texts_at (const LimnTexts *texts,
                                int              call);

/**
 * limn_texts_combine:
 * @predicted: [samples, …], @n numbers a sample
 * @combined: (out): negative + guidance · Σ weight (branch - negative) (Ho & Salimans, 2022; Liu et al., 2022)
 */
void limn_texts_combine (const LimnTexts *texts,
                         double           guidance,
                         const float     *predicted,
                         float           *combined,
                         gsize            n);

G_END_DECLS
