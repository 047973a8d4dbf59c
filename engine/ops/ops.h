/* The operations: each is documented in its own file, engine/ops/NAME.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/graph.h"

G_BEGIN_DECLS

typedef struct
{
  LimnActivation kind;
} LimnActivationArgs;

typedef struct
{
  int   heads;
  float scale;
  int   causal;
} LimnAttentionArgs;

typedef struct
{
  LimnType type;
} LimnCastArgs;

typedef struct
{
  int flat;
} LimnConstantArgs;

typedef struct
{
  int stride;
  int pad_top, pad_left, pad_bottom, pad_right;
} LimnConvArgs;

typedef struct
{
  float scale, shift;
} LimnAffineArgs;

typedef struct
{
  int   groups;
  float epsilon;
} LimnGroupNormArgs;

typedef struct
{
  float epsilon;
} LimnNormArgs;

typedef struct
{
  int start, count;
} LimnSliceArgs;

typedef struct
{
  int size;
} LimnPatchArgs;

typedef struct
{
  int height, width;
} LimnResizeArgs;

typedef struct
{
  int   channels;
  float scale;
} LimnTimestepArgs;

extern const LimnOp limn_op_activation;
extern const LimnOp limn_op_add;
extern const LimnOp limn_op_affine;
extern const LimnOp limn_op_attention;
extern const LimnOp limn_op_cast;
extern const LimnOp limn_op_concat;
extern const LimnOp limn_op_constant;
extern const LimnOp limn_op_conv;
extern const LimnOp limn_op_embedding;
extern const LimnOp limn_op_geglu;
extern const LimnOp limn_op_group_norm;
extern const LimnOp limn_op_layer_norm;
extern const LimnOp limn_op_linear;
extern const LimnOp limn_op_modulate;
extern const LimnOp limn_op_multiply;
extern const LimnOp limn_op_patchify;
extern const LimnOp limn_op_prelu;
extern const LimnOp limn_op_resize;
extern const LimnOp limn_op_rms_norm;
extern const LimnOp limn_op_slice;
extern const LimnOp limn_op_timestep;
extern const LimnOp limn_op_token_mean;
extern const LimnOp limn_op_unpatchify;

/* y = f (x) */
LimnTensor *limn_activation (LimnGraph *graph, LimnTensor *x, LimnActivation kind);

/* a + b; b has a's shape, or 1 where a has more in n, h, w (broadcast): the result has a's shape */
LimnTensor *limn_add (LimnGraph *graph, LimnTensor *a, LimnTensor *b);

/* scale · x + shift, two numbers */
LimnTensor *limn_affine (LimnGraph *graph, LimnTensor *x, float scale, float shift);

/* softmax (q kᵀ · scale) v in each of @heads; lengths (nullable, i32 [n, 1, 1, 1]): keys from there on are masked */
LimnTensor *limn_attention (LimnGraph               *graph,
                            LimnTensor              *q,
                            LimnTensor              *k,
                            LimnTensor              *v,
                            LimnTensor              *lengths,
                            const LimnAttentionArgs *args);

/* x in another type */
LimnTensor *limn_cast (LimnGraph *graph, LimnTensor *x, LimnType type);

/* channels of a, then channels of b */
LimnTensor *limn_concat (LimnGraph *graph, LimnTensor *a, LimnTensor *b);

/* a weight [c] or [t, c] as a tensor [1, 1, t, c], of the graph's type; flat: [1, 1, 1, t·c] */
LimnTensor *limn_constant (LimnGraph *graph, const LimnWeight *weight, gboolean flat);

/* weight [out, in, kh, kw]; bias [out] or NULL; x [n, h, w, in] */
LimnTensor *limn_conv (LimnGraph          *graph,
                       LimnTensor         *x,
                       const LimnWeight   *weight,
                       const LimnWeight   *bias,
                       const LimnConvArgs *args);

/* rows of weight [ids, c] chosen by i32 tokens [n, 1, t, 1]; position (nullable) [≥ t, c] is added */
LimnTensor *limn_embedding (LimnGraph        *graph,
                            LimnTensor       *tokens,
                            const LimnWeight *weight,
                            const LimnWeight *position);

/* x [.., 2c] → first half · gelu (second half) */
LimnTensor *limn_geglu (LimnGraph *graph, LimnTensor *x);

LimnTensor *limn_group_norm (LimnGraph        *graph,
                             LimnTensor       *x,
                             const LimnWeight *weight,
                             const LimnWeight *bias,
                             int               groups,
                             float             epsilon);

/* weight, bias: [c], both nullable */
LimnTensor *limn_layer_norm (LimnGraph        *graph,
                             LimnTensor       *x,
                             const LimnWeight *weight,
                             const LimnWeight *bias,
                             float             epsilon);

/* x Wᵀ + b; weight [out, in] (trailing 1s are dropped); bias [out] or NULL */
LimnTensor *
limn_linear (LimnGraph *graph, LimnTensor *x, const LimnWeight *weight, const LimnWeight *bias);

/* x · (1 + scale) + shift; scale and shift broadcast as in limn_add() */
LimnTensor *limn_modulate (LimnGraph *graph, LimnTensor *x, LimnTensor *scale, LimnTensor *shift);

/* a · b, b broadcast as in limn_add() */
LimnTensor *limn_multiply (LimnGraph *graph, LimnTensor *a, LimnTensor *b);

/* pixel unshuffle: [n, h, w, c] → [n, h/p, w/p, c·p²], channel c·p² + dy·p + dx (Shi et al., 2016); and its inverse */
LimnTensor *limn_patchify (LimnGraph *graph, LimnTensor *x, int size);
LimnTensor *limn_unpatchify (LimnGraph *graph, LimnTensor *x, int size);

/* max (x, 0) + slope · min (x, 0); slope [c], or [1] for all channels */
LimnTensor *limn_prelu (LimnGraph *graph, LimnTensor *x, const LimnWeight *slope);

/* nearest neighbour, source = floor (target · source size / target size) */
LimnTensor *limn_resize (LimnGraph *graph, LimnTensor *x, int height, int width);

/* weight [d]: each run of d channels is normalised by itself (a head's query or key) */
LimnTensor *
limn_rms_norm (LimnGraph *graph, LimnTensor *x, const LimnWeight *weight, float epsilon);

/* channels start … start + count */
LimnTensor *limn_slice (LimnGraph *graph, LimnTensor *x, int start, int count);

/* sinusoids of f32 times [n, 1, 1, 1] → f32 [n, 1, 1, channels]: cosines, then sines, of scale · t / 10000^(2i / channels) */
LimnTensor *limn_timestep (LimnGraph *graph, LimnTensor *time, int channels, float scale);

/* mean over the first lengths[n] tokens: [n, h, w, c] → [n, 1, 1, c] */
LimnTensor *limn_token_mean (LimnGraph *graph, LimnTensor *x, LimnTensor *lengths);

G_END_DECLS
