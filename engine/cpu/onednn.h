/* oneDNN behind the CPU kernels: one engine, weights packed once, calls made ready.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/pack.h"

#include <dnnl.h>

G_BEGIN_DECLS

typedef struct _LimnDnnl LimnDnnl;

/* What oneDNN calls the engine's types. */
dnnl_data_type_t limn_dnnl_type (LimnType type);

/* oneDNN's context of a backend; lives as long as it. */
LimnDnnl     *limn_cpu_dnnl (LimnCpu *cpu);
LimnDnnl     *limn_dnnl_new (void);
void          limn_dnnl_free (LimnDnnl *dnnl);
dnnl_engine_t limn_dnnl_engine (LimnDnnl *dnnl);
dnnl_stream_t limn_dnnl_stream (LimnDnnl *dnnl);

/**
 * limn_dnnl_check:
 *
 * Returns: %TRUE for success, else %FALSE with an error that names the node
 */
gboolean limn_dnnl_check (dnnl_status_t   status,
                          const LimnNode *node,
                          GError        **error);

/**
 * limn_cpu_bf16_speed:
 *
 * How many times as fast oneDNN's bf16 products are on this processor as f32 ones by register tiles. A table, not a measurement: what is
 * chosen from it changes the last bits of a picture, and the same seed must give the same picture however busy the machine is.
 * LIMN_PRODUCTS in the environment settles it for tests: "tiles" gives 0, "onednn" infinity.
 *
 * Returns: that ratio; 0 where oneDNN has no bf16 products
 */
double limn_cpu_bf16_speed (LimnCpu *cpu);

/**
 * limn_dnnl_epilogues:
 * @node: with its epilogues
 * @attributes: (out): post-operations in their order: a tensor of the result's shape is summed into it, channel vectors are left
 *   to the bias; scratch memory is the caller's
 */
void limn_dnnl_epilogues (const LimnNode        *node,
                          dnnl_primitive_attr_t *attributes);

/**
 * LimnDnnlCall:
 * @bias: [c] floats: the node's bias
 * @vector, @whole: inputs that epilogues add, -1: none
 *
 * A matrix product or convolution of one node, made ready.
 */
typedef struct
{
  dnnl_primitive_t primitive;
  dnnl_memory_t    source, weight, result, bias_memory, scratch;
  LimnPack        *pack;
  float           *bias;
  int              vector, whole;
} LimnDnnlCall;

/**
 * limn_dnnl_call_new:
 * @descriptor: (transfer full): of the primitive, made with limn_dnnl_epilogues()
 * @plain: layout of the weight in its file
 *
 * Sets the task's state and scratch size.
 */
gboolean limn_dnnl_call_new (LimnCpuTask              *task,
                             dnnl_primitive_desc_t     descriptor,
                             const dnnl_memory_desc_t *plain,
                             GError                  **error);
gboolean limn_dnnl_call_run (LimnCpuTask *task);
void     limn_dnnl_call_clear (LimnCpuTask *task);

/* The node's bias, and the vector that an epilogue adds to it, as floats [c]. */
void limn_cpu_add_vector (const LimnCpuTask *task,
                          const float       *bias,
                          int                vector,
                          float             *sum);
/* The node's bias as floats, zeros without one. (transfer full) */
float *limn_cpu_bias (const LimnNode *node,
                      int             channels);
/* Before an accumulating call: the output holds the tensor that is added. */
void limn_cpu_preload (const LimnCpuTask *task,
                       int                whole);
/* Indices of the inputs that epilogues add, -1: none. */
void limn_cpu_find_addends (const LimnNode *node,
                            int            *vector,
                            int            *whole);

G_END_DECLS
