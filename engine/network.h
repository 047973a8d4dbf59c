/* A network of one input and one output, planned for the size that is asked for: upscalers, the tiny autoencoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"
#include "engine/model-private.h"

G_BEGIN_DECLS

/* Records the network on @x, f32. */
typedef LimnTensor *(*LimnNetworkBuild) (const LimnScope *scope,
                                         gconstpointer    facts,
                                         LimnTensor      *x);

/**
 * LimnNetwork:
 * @engine: outlives it
 * @weights: (transfer full): of it alone
 * @facts: (nullable): what @build takes
 * @what: what it is called in messages, and its result
 * @plan: (nullable): of the last size, @shape
 *
 * All but the last is the owner's to set, to zero @backend: then all is as the engine computes.
 */
typedef struct
{
  LimnEngine      *engine;
  LimnWeights     *weights;
  LimnNetworkBuild build;
  gconstpointer    facts;
  const char      *what;
  LimnBackend     *backend;
  LimnType         type;
  LimnShape        shape;
  LimnPlan        *plan;
} LimnNetwork;

void limn_network_clear (LimnNetwork *network);

/**
 * limn_network_run:
 *
 * Returns: (transfer full): the network's result on @x, all numbers finite; %NULL with an error
 */
LimnArray *limn_network_run (LimnNetwork     *network,
                             const LimnArray *x,
                             GError         **error);

G_END_DECLS
