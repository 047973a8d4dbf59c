/* Linear layer on the CPU: by register tiles, in 8 bits where that is asked for, or by oneDNN where the processor multiplies bf16 faster than f32.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/onednn.h"
#include "engine/cpu/product.h"

static void
linear_layouts (const LimnNode     *node,
                dnnl_memory_desc_t *source,
                dnnl_memory_desc_t *weight,
                dnnl_memory_desc_t *bias,
                dnnl_memory_desc_t *result)
{
  const LimnTensor *x = limn_node_input (node, 0);
  dnnl_dim_t        rows = (dnnl_dim_t) limn_shape_rows (x->shape), in = x->shape.c,
             out = node->output->shape.c;
  dnnl_data_type_t type = limn_dnnl_type (x->type);

  dnnl_memory_desc_init_by_tag (source, 2, (dnnl_dims_t){ rows, in }, type, dnnl_ab);
  dnnl_memory_desc_init_by_tag (weight, 2, (dnnl_dims_t){ in, out }, type, dnnl_format_tag_any);
  dnnl_memory_desc_init_by_tag (bias, 2, (dnnl_dims_t){ 1, out }, dnnl_f32, dnnl_ab);
  dnnl_memory_desc_init_by_tag (result, 2, (dnnl_dims_t){ rows, out }, type, dnnl_ab);
}

static gboolean
prepare_onednn (LimnCpuTask *task,
                GError     **error)
{
  const LimnNode       *node = task->node;
  dnnl_memory_desc_t    source, weight, bias, result, plain;
  dnnl_matmul_desc_t    product;
  dnnl_primitive_attr_t attributes;
  dnnl_primitive_desc_t descriptor = NULL;
  dnnl_status_t         status;

  linear_layouts (node, &source, &weight, &bias, &result);
  dnnl_memory_desc_init_by_tag (&plain, 2, (dnnl_dims_t){ weight.dims[0], weight.dims[1] },
                                dnnl_f32, dnnl_ba);
  limn_dnnl_epilogues (node, &attributes);
  status = dnnl_matmul_desc_init (&product, &source, &weight, &bias, &result);
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create (&descriptor, &product, attributes,
                                         limn_dnnl_engine (limn_cpu_dnnl (task->cpu)), NULL);
  dnnl_primitive_attr_destroy (attributes);
  return limn_dnnl_check (status, node, error) && limn_dnnl_call_new (task, descriptor, &plain, error);
}

/* The ways to compute it. */
static const LimnCpuKernel by_onednn = {
  .prepare = prepare_onednn,
  .run = limn_dnnl_call_run,
  .clear = limn_dnnl_call_clear,
};

static const LimnCpuKernel by_product = {
  .prepare = LIMN_CPU_KERNEL (product_prepare),
  .run = LIMN_CPU_KERNEL (product_run),
  .clear = LIMN_CPU_KERNEL (product_clear),
};

static const LimnCpuKernel by_int8 = {
  .prepare = LIMN_CPU_KERNEL (int8_prepare),
  .run = LIMN_CPU_KERNEL (int8_run),
  .clear = LIMN_CPU_KERNEL (int8_clear),
};

static const LimnCpuKernel *
choose (const LimnCpuTask *task)
{
  if (LIMN_CPU_KERNEL (int8_suits) (task->node))
    return &by_int8;
  return task->node->inputs[0]->type == LIMN_BF16 && limn_cpu_bf16_speed (task->cpu) > 1.0
             ? &by_onednn
             : &by_product;
}

static gboolean
linear_prepare (LimnCpuTask *task,
                GError     **error)
{
  return choose (task)->prepare (task, error);
}

static gboolean
linear_run (LimnCpuTask *task)
{
  return choose (task)->run (task);
}

static void
linear_clear (LimnCpuTask *task)
{
  choose (task)->clear (task);
}

const LimnCpuKernel LIMN_CPU_KERNEL (linear) = {
  .prepare = linear_prepare,
  .run = linear_run,
  .clear = linear_clear,
};
