/* Scaled dot-product attention.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"

/**
 * limn_attention:
 * @q: queries, [n, h, w, c]
 * @k: keys, [n, h', w', c]
 * @v: values, [n, h', w', c]
 * @lengths: (nullable): i32 [n, 1, 1, 1]: keys from there on are not attended
 * @args: heads divide c; scale of the products; causal: a query attends keys up to its own position
 *
 * softmax (q kᵀ · scale) v in each head (Vaswani et al., 2017), never holding more than a block of the scores
 * (online softmax: Milakov & Gimelshein, 2018; Dao et al., 2022).
 *
 * Returns: [n, h, w, c], of the type of @q
 */
LimnTensor *
limn_attention (LimnGraph               *graph,
                LimnTensor              *q,
                LimnTensor              *k,
                LimnTensor              *v,
                LimnTensor              *lengths,
                const LimnAttentionArgs *args)
{
  return limn_graph_add (graph, &(LimnCall){
                                    .op = &limn_op_attention,
                                    .args = args,
                                    .args_size = sizeof *args,
                                    .inputs = { q, k, v, lengths },
                                });
}

static gboolean
attention_infer (const LimnNode *node,
                 LimnShape      *out,
                 GError        **error)
{
  const LimnAttentionArgs *args = limn_node_args (node);
  LimnShape                q = node->inputs[0]->shape, k = node->inputs[1]->shape, v = node->inputs[2]->shape;

  if (!limn_shape_equal (k, v) || k.n != q.n || k.c != q.c)
    return limn_shape_error (
        error, node,
        "queries of %d × %d, keys of %d × %d and values of %d × %d samples × channels", q.n,
        q.c, k.n, k.c, v.n, v.c);
  if (args->heads < 1 || q.c % args->heads != 0)
    return limn_shape_error (error, node, "%d channels do not divide into %d heads", q.c,
                             args->heads);
  if (node->n_inputs > 3 && limn_shape_elements (node->inputs[3]->shape) != (gsize) q.n)
    return limn_shape_error (error, node, "there is not one length a sample");
  *out = q;
  return TRUE;
}

static double
attention_operations (const LimnNode *node)
{
  return 4.0 * (double) limn_shape_elements (node->output->shape) * (double) limn_shape_positions (node->inputs[1]->shape);
}

const LimnOp limn_op_attention = {
  .name = "attention",
  .infer = attention_infer,
  .operations = attention_operations,
  .cpu = LIMN_CPU_KERNELS (attention),
  .vulkan = &limn_vulkan_attention,
};
