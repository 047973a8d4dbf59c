/* Scope: where in a model's weights a block is, so that a block reads like the paper.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ops/ops.h"

G_BEGIN_DECLS

#define LIMN_SCOPE_LENGTH 192

/**
 * LimnScope:
 * @graph: what calls are recorded in
 * @weights: of the model's part; outlives the graph and its plans
 * @prefix: what the block's weight names begin with, with the dot; "" for the part itself
 *
 * A small value, made on the stack. Everything missing or misfit becomes the graph's error (limn_graph_check()), so blocks check nothing.
 */
typedef struct
{
  LimnGraph         *graph;
  const LimnWeights *weights;
  char               prefix[LIMN_SCOPE_LENGTH];
} LimnScope;

LimnScope limn_scope_root (LimnGraph         *graph,
                           const LimnWeights *weights);

/**
 * limn_scope_child:
 * @format: name below @scope, "down_blocks.%d"
 *
 * Returns: the scope of that name; nodes recorded next are labelled with it
 */
LimnScope limn_scope_child (const LimnScope *scope,
                            const char      *format,
                            ...) G_GNUC_PRINTF (2, 3);

/* Returns: whether there is a tensor of exactly that name ("conv_shortcut.weight"). */
gboolean limn_scope_has (const LimnScope *scope,
                         const char      *name);

/**
 * limn_scope_weight:
 *
 * Returns: (nullable): the tensor @name; where it is missing the graph has an error that names it
 */
const LimnWeight *limn_scope_weight (const LimnScope *scope,
                                     const char      *name);

/* x Wᵀ + b of @name.weight and @name.bias; 1 × 1 convolutions are the same thing. */
LimnTensor *limn_scope_linear (const LimnScope *scope,
                               const char      *name,
                               LimnTensor      *x);

/* x Wᵀ: a layer that has no bias by design. */
LimnTensor *limn_scope_matrix (const LimnScope *scope,
                               const char      *name,
                               LimnTensor      *x);

/* Convolution that keeps the size: stride 1, padded by half the kernel. */
LimnTensor *limn_scope_conv (const LimnScope *scope,
                             const char      *name,
                             LimnTensor      *x);

/* The same with another stride or padding, and without a bias if the layer has none by design. */
LimnTensor *limn_scope_conv_with (const LimnScope    *scope,
                                  const char         *name,
                                  LimnTensor         *x,
                                  const LimnConvArgs *args,
                                  gboolean            bias);

LimnTensor *limn_scope_group_norm (const LimnScope *scope,
                                   const char      *name,
                                   LimnTensor      *x,
                                   int              groups,
                                   float            epsilon);
LimnTensor *limn_scope_layer_norm (const LimnScope *scope,
                                   const char      *name,
                                   LimnTensor      *x,
                                   float            epsilon);

/* @name.weight: as many numbers as a head has channels. */
LimnTensor *limn_scope_rms_norm (const LimnScope *scope,
                                 const char      *name,
                                 LimnTensor      *x,
                                 float            epsilon);

/* The tensor @name itself, [c] or [t, c]; flat: as [1, 1, 1, t · c]. */
LimnTensor *limn_scope_constant (const LimnScope *scope,
                                 const char      *name,
                                 gboolean         flat);

/* @name.weight: slopes below zero, one a channel or one for all. */
LimnTensor *limn_scope_prelu (const LimnScope *scope,
                              const char      *name,
                              LimnTensor      *x);

static inline LimnTensor *
limn_silu (LimnGraph  *graph,
           LimnTensor *x)
{
  return limn_activation (graph, x, LIMN_ACTIVATION_SILU);
}

/* @x itself if it is of that type. */
static inline LimnTensor *
limn_as_type (LimnGraph  *graph,
              LimnTensor *x,
              LimnType    type)
{
  return x->type == type ? x : limn_cast (graph, x, type);
}

G_END_DECLS
