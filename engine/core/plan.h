/* Plan: a graph made ready to run: epilogues fused, memory placed, kernels prepared, cost predicted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/backend.h"

G_BEGIN_DECLS

typedef struct _LimnPlan LimnPlan;

/* Bytes that kernels may want beside the intermediates, for estimates before they are chosen: more is rare. */
#define LIMN_SCRATCH ((gsize) 128 << 20)

/**
 * LimnPlanCost:
 * @operations: additions and multiplications of one run
 * @bytes: memory traffic of one run, every intermediate written and read once
 * @arena: bytes of all intermediates and scratch, placed by lifetime
 * @streamed: bytes of weights that are read from their file at each run
 * @weights: bytes of weights in the type of activations; kernels may pad them
 * @nodes: calls left after fusion
 */
typedef struct
{
  double operations;
  double bytes;
  gsize  arena;
  gsize  weights;
  gsize  streamed;
  int    nodes;
} LimnPlanCost;

/**
 * limn_graph_measure:
 * @graph: fused by this
 *
 * Returns: what a plan of @graph costs at the least; @arena is without what kernels need beside
 */
LimnPlanCost limn_graph_measure (LimnGraph         *graph,
                                 const LimnBackend *backend);

/**
 * limn_plan_new:
 * @graph: (transfer full): with at least one output
 * @backend: outlives the plan
 *
 * Fuses, places and prepares. All memory that runs need is taken here.
 *
 * Returns: (transfer full): a plan, or %NULL with the graph's first error, %LIMN_ENGINE_ERROR_MEMORY or a kernel's refusal
 */
LimnPlan *limn_plan_new (LimnGraph   *graph,
                         LimnBackend *backend,
                         GError     **error);
void      limn_plan_free (LimnPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPlan, limn_plan_free)

/**
 * limn_plan_write:
 * @name: of an input
 * @values: as many floats as the input has elements, channels-last; rounded to its type, truncated for ids
 *
 * Gives an input its values; they stay until they are given anew.
 */
void limn_plan_write (LimnPlan    *plan,
                      const char  *name,
                      const float *values);

/**
 * limn_plan_run:
 *
 * Computes all outputs. Allocates nothing. One run at a time for all plans of one backend.
 *
 * Returns: %FALSE with an error if a kernel failed
 */
gboolean limn_plan_run (LimnPlan *plan,
                        GError  **error);

/**
 * limn_plan_read:
 *
 * Returns: (transfer full): the output @name of the last run, as floats
 */
LimnArray   *limn_plan_read (LimnPlan   *plan,
                             const char *name);
gboolean     limn_plan_has_output (LimnPlan   *plan,
                                   const char *name);
LimnShape    limn_plan_input_shape (LimnPlan   *plan,
                                    const char *name);
void         limn_plan_read_into (LimnPlan   *plan,
                                  const char *name,
                                  float      *values);
LimnPlanCost limn_plan_cost (const LimnPlan *plan);

G_END_DECLS
