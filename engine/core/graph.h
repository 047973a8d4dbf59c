/* Graph: a model's forward pass, recorded as calls of operations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"
#include "engine/core/tensor.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

#define LIMN_MAX_INPUTS 6
#define LIMN_MAX_NODE_WEIGHTS 2
#define LIMN_MAX_EPILOGUES 3
#define LIMN_MAX_ARGS 32

typedef struct _LimnOp LimnOp;

typedef enum
{
  LIMN_ACTIVATION_SILU,       /* x · sigmoid (x) */
  LIMN_ACTIVATION_GELU,       /* x · Φ (x), exact, by erf */
  LIMN_ACTIVATION_GELU_TANH,  /* its tanh approximation (Hendrycks & Gimpel, 2016) */
  LIMN_ACTIVATION_QUICK_GELU, /* x · sigmoid (1.702 x) */
  LIMN_ACTIVATION_RELU,       /* max (x, 0) */
  LIMN_ACTIVATION_TANH,       /* tanh (x) */
  LIMN_ACTIVATION_LEAKY_RELU, /* max (x, x / 5) */
  LIMN_N_ACTIVATIONS
} LimnActivation;

/* What a node does to its result before storing it; found by the plan, in the order they are applied. */
typedef enum
{
  LIMN_EPILOGUE_ACTIVATION = 1 << 0,
  LIMN_EPILOGUE_ADD = 1 << 1, /* adds another tensor of the result's shape, or [1, 1, 1, c] */
} LimnEpilogueKind;

typedef struct
{
  LimnEpilogueKind kind;
  LimnActivation   activation; /* LIMN_EPILOGUE_ACTIVATION */
  int              input;      /* LIMN_EPILOGUE_ADD: index into the node's inputs */
} LimnEpilogue;

/**
 * LimnCost:
 * @operations: multiplications and additions
 * @bytes: read from and written to memory, weights included
 */
typedef struct
{
  double operations;
  double bytes;
} LimnCost;

/**
 * LimnNode:
 * @inputs: activations, in the operation's order; those of epilogues follow
 * @weights: what the operation learnt; %NULL where it has none (no bias)
 * @quantised: whether a kernel may multiply it in 8 bits
 *
 * One call of an operation.
 */
struct _LimnNode
{
  const LimnOp     *op;
  int               n_inputs;
  LimnTensor       *inputs[LIMN_MAX_INPUTS];
  const LimnWeight *weights[LIMN_MAX_NODE_WEIGHTS];
  gboolean          quantised;
  LimnTensor       *output;
  int               n_epilogues;
  LimnEpilogue      epilogues[LIMN_MAX_EPILOGUES];
  char             *label; /* the scope it was recorded in, for errors and profiles; owned */
  union
  {
    char   bytes[LIMN_MAX_ARGS];
    double align;
  } args;
};

struct _LimnCpuKernel;
struct _LimnVulkanKernel;

/**
 * LimnOp:
 * @name: as its files are named
 * @infer: sets the shape of the output from inputs, weights and arguments, or says why they do not fit
 * @output_type: (nullable): type of the output; by default that of the first input
 * @operations: (nullable): arithmetic operations of a node; by default one an element of the output
 * @epilogues: LimnEpilogueKind flags that its kernels can apply
 * @cpu: the CPU's kernel, one for each build of LimnCpuLevel
 * @vulkan: that of graphics cards
 *
 * An operation: one name in engine/ops, engine/cpu, shaders and tests/engine.
 */
struct _LimnOp
{
  const char *name;
  gboolean (*infer) (const LimnNode *node,
                     LimnShape      *out,
                     GError        **error);
  LimnType (*output_type) (const LimnNode *node);
  double (*operations) (const LimnNode *node);
  int                                 epilogues;
  const struct _LimnCpuKernel *const *cpu;
  const struct _LimnVulkanKernel     *vulkan;
};

/**
 * LimnCall:
 *
 * What limn_graph_add() records; fields left out are zero.
 */
typedef struct
{
  const LimnOp     *op;
  const void       *args;
  gsize             args_size;
  LimnTensor       *inputs[LIMN_MAX_INPUTS]; /* ends at the first NULL */
  const LimnWeight *weights[LIMN_MAX_NODE_WEIGHTS];
} LimnCall;

/**
 * limn_graph_new:
 * @type: %LIMN_F32, %LIMN_BF16 or %LIMN_F16: the type of activations
 *
 * Returns: (transfer full): an empty graph. A graph belongs to one thread.
 */
LimnGraph *limn_graph_new (LimnType type);
void       limn_graph_free (LimnGraph *graph);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnGraph, limn_graph_free)

/**
 * limn_graph_input:
 * @name: what the plan's user calls it
 * @type: %LIMN_I32 for ids and lengths, %LIMN_F32 for what must stay exact (time), else limn_graph_type()
 *
 * Returns: (transfer none): a tensor that is given anew for each run
 */
LimnTensor *limn_graph_input (LimnGraph  *graph,
                              const char *name,
                              LimnShape   shape,
                              LimnType    type);

/**
 * limn_graph_output:
 *
 * Keeps @tensor for the plan's user under @name.
 */
void limn_graph_output (LimnGraph  *graph,
                        const char *name,
                        LimnTensor *tensor);

/**
 * limn_graph_add:
 *
 * Records a call and infers its shape. An error (shapes that do not fit, a weight that was not there) stays with the graph:
 * the tensors returned from then on are empty, and limn_graph_check() tells it. So a forward pass reads without a check a line.
 *
 * Returns: (transfer none): the output
 */
LimnTensor *limn_graph_add (LimnGraph      *graph,
                            const LimnCall *call);

/**
 * limn_graph_fail:
 * @error: (transfer full): why; kept if it is the first
 *
 * Returns: (transfer none): an empty tensor
 */
LimnTensor *limn_graph_fail (LimnGraph *graph,
                             GError    *error);

/**
 * limn_graph_check:
 *
 * Returns: %TRUE if everything recorded so far fits together
 */
gboolean limn_graph_check (const LimnGraph *graph,
                           GError         **error);

LimnType limn_graph_type (const LimnGraph *graph);

/* Whether what is recorded next may be multiplied in 8 bits; at first it may not. */
void limn_graph_set_quantised (LimnGraph *graph,
                               gboolean   quantised);

/* The prefix that labels the nodes recorded next; set by scopes. */
void limn_graph_set_label (LimnGraph  *graph,
                           const char *label);

/* For the plan: */
GPtrArray  *limn_graph_nodes (LimnGraph *graph);   /* LimnNode*, in order of computation */
GPtrArray  *limn_graph_tensors (LimnGraph *graph); /* LimnTensor*, index = id */
LimnTensor *limn_graph_find_input (LimnGraph  *graph,
                                   const char *name);
LimnTensor *limn_graph_find_output (LimnGraph  *graph,
                                    const char *name);
gboolean    limn_graph_is_output (LimnGraph        *graph,
                                  const LimnTensor *tensor);

static inline const void *
limn_node_args (const LimnNode *node)
{
  return node->args.bytes;
}

static inline LimnTensor *
limn_node_input (const LimnNode *node,
                 int             index)
{
  return index < node->n_inputs ? node->inputs[index] : NULL;
}

/**
 * limn_shape_error:
 *
 * Sets @error to a %LIMN_ENGINE_ERROR_SHAPE that names the node's operation and scope.
 *
 * Returns: %FALSE
 */
gboolean limn_shape_error (GError        **error,
                           const LimnNode *node,
                           const char     *format,
                           ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
