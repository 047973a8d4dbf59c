/* Fusion: folds activations and additions into the operation before them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/graph.h"

G_BEGIN_DECLS

/**
 * limn_graph_fuse:
 *
 * Turns producer → activation and producer → add into one node wherever the producer's kernels can apply it as an epilogue
 * and nobody else reads what lies between; drops nodes that no output needs.
 */
void limn_graph_fuse (LimnGraph *graph);

G_END_DECLS
