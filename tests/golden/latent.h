/* Recorded tensors as the engine's arrays: the references are [n, c, h, w], the engine is channels-last.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/golden/golden.h"

G_BEGIN_DECLS

/**
 * golden_array:
 *
 * Returns: (transfer full) (nullable): a recorded [n, c, h, w] as [n, h, w, c]; [n, t, c] and [t, c] as tokens; [n] as [1, 1, 1, n]
 */
LimnArray *golden_array (GoldenCase *golden,
                         const char *name);

/* [n, h, w, c] in the order of [n, c, h, w]. */
LimnArray *golden_planar (const LimnArray *array);

/* Compares @got with a recorded [n, c, h, w]. */
void golden_compare_planar (GoldenCase      *golden,
                            const char      *tensor,
                            const LimnArray *got,
                            double           limit);

/* The same for [n, t, c], whose order is the engine's. */
void golden_compare_array (GoldenCase      *golden,
                           const char      *tensor,
                           const LimnArray *got,
                           double           limit);

/* Of the case whose model this case changes (base_model of its JSON): a file of it, a recorded array, and the text that @model makes of its
 * recorded ids. All (transfer full) (nullable). */
char      *golden_base_path (GoldenCase *golden,
                             const char *file);
LimnArray *golden_base_array (GoldenCase *golden,
                              const char *name);
LimnText  *golden_base_text (GoldenCase *golden,
                             LimnModel  *model,
                             const char *text,
                             GError    **error);

/**
 * golden_set_tokenizer:
 *
 * Gives @model the CLIP vocabulary that lies beside the references.
 *
 * Returns: whether one does
 */
gboolean golden_set_tokenizer (GoldenCase *golden,
                               LimnModel  *model);

/* Says that @tensor could not be computed; frees @error. */
void golden_fail_error (GoldenCase *golden,
                        const char *tensor,
                        double      limit,
                        GError     *error);

/* Returns: (transfer container): names of recorded tensors with that beginning and end, in order */
GPtrArray *golden_names (GoldenCase *golden,
                         const char *prefix,
                         const char *suffix);

G_END_DECLS
