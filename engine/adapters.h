/* A model's adapters and embeddings: which are set, and its weights with them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* What is set on a model; the files that were opened for it stay open. */
typedef struct _LimnAdapters LimnAdapters;

LimnAdapters *limn_adapters_new (void);
void          limn_adapters_free (LimnAdapters *adapters);

/**
 * limn_model_weights:
 *
 * Returns: (transfer full): the tensors of @part as plans are made of them: with what is set on the model
 */
LimnWeights *limn_model_weights (LimnModel  *model,
                                 const char *part,
                                 GError    **error);

/* Applies what is set anew, after a part of the model was replaced. */
gboolean limn_model_reapply (LimnModel *model,
                             GError   **error);

/* Returns: (nullable): the word that the embedding @index stands for; %NULL behind the last */
const char *limn_model_embedding_name (const LimnModel *model,
                                       guint            index);

/* Returns: ids below this one are known, new words among them; 0: any */
int limn_model_vocabulary (const LimnModel *model);

G_END_DECLS
