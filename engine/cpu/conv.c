/* Convolution on the CPU: Winograd's or by register tiles, or oneDNN's where the processor multiplies bf16 fast enough.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/onednn.h"
#include "engine/cpu/product.h"

#include "engine/ops/ops.h"

static void
conv_layouts (const LimnNode     *node,
              dnnl_memory_desc_t *source,
              dnnl_memory_desc_t *weight,
              dnnl_memory_desc_t *bias,
              dnnl_memory_desc_t *result)
{
  const LimnTensor *x = limn_node_input (node, 0);
  const gint64     *k = node->weights[0]->dims;
  LimnShape         in = x->shape, out = node->output->shape;
  dnnl_data_type_t  type = limn_dnnl_type (x->type);

  dnnl_memory_desc_init_by_tag (source, 4, (dnnl_dims_t){ in.n, in.c, in.h, in.w }, type,
                                dnnl_nhwc);
  dnnl_memory_desc_init_by_tag (weight, 4, (dnnl_dims_t){ out.c, in.c, k[2], k[3] }, type,
                                dnnl_format_tag_any);
  dnnl_memory_desc_init_by_tag (bias, 1, (dnnl_dims_t){ out.c }, dnnl_f32, dnnl_a);
  dnnl_memory_desc_init_by_tag (result, 4, (dnnl_dims_t){ out.n, out.c, out.h, out.w }, type,
                                dnnl_nhwc);
}

static gboolean
prepare_onednn (LimnCpuTask *task,
                GError     **error)
{
  const LimnNode         *node = task->node;
  const LimnConvArgs     *args = limn_node_args (node);
  dnnl_memory_desc_t      source, weight, bias, result, plain;
  dnnl_convolution_desc_t convolution;
  dnnl_primitive_attr_t   attributes;
  dnnl_primitive_desc_t   descriptor = NULL;
  dnnl_status_t           status;

  conv_layouts (node, &source, &weight, &bias, &result);
  dnnl_memory_desc_init_by_tag (&plain, 4, weight.dims, dnnl_f32, dnnl_oihw);
  limn_dnnl_epilogues (node, &attributes);
  status = dnnl_convolution_forward_desc_init (
      &convolution, dnnl_forward_inference, dnnl_convolution_direct, &source, &weight, &bias,
      &result, (dnnl_dims_t){ args->stride, args->stride },
      (dnnl_dims_t){ args->pad_top, args->pad_left },
      (dnnl_dims_t){ args->pad_bottom, args->pad_right });
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create (&descriptor, &convolution, attributes,
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

static const LimnCpuKernel by_winograd = {
  .prepare = LIMN_CPU_KERNEL (winograd_prepare),
  .run = LIMN_CPU_KERNEL (winograd_run),
  .clear = LIMN_CPU_KERNEL (winograd_clear),
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

/* Winograd multiplies a quarter as often; its transforms take about a third of what that saves. */
static const LimnCpuKernel *
choose (const LimnCpuTask *task)
{
  gboolean winograd = LIMN_CPU_KERNEL (winograd_suits) (task->node);
  double   gain = winograd ? 2.7 : 1.0;

  if (LIMN_CPU_KERNEL (int8_suits) (task->node))
    return &by_int8;
  if (task->node->inputs[0]->type == LIMN_BF16 && limn_cpu_bf16_speed (task->cpu) > gain)
    return &by_onednn;
  return winograd ? &by_winograd : &by_product;
}

static gboolean
conv_prepare (LimnCpuTask *task,
              GError     **error)
{
  return choose (task)->prepare (task, error);
}

static gboolean
conv_run (LimnCpuTask *task)
{
  return choose (task)->run (task);
}

static void
conv_clear (LimnCpuTask *task)
{
  choose (task)->clear (task);
}

const LimnCpuKernel LIMN_CPU_KERNEL (conv) = {
  .prepare = conv_prepare,
  .run = conv_run,
  .clear = conv_clear,
};
