/* A learnt tensor as an activation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

static gboolean
constant_prepare (LimnCpuTask *task,
                  GError     **error)
{
  const LimnTensor *out = task->node->output;
  gsize             n = limn_shape_elements (out->shape);
  g_autofree float *values = limn_kernel_vector (task->node->weights[0], n, 0);

  if (out->type == LIMN_F32)
    {
      task->state = g_steal_pointer (&values);
      return TRUE;
    }
  task->state = g_new (guint16, n);
  limn_store (out->type, values, task->state, 0, n);
  return TRUE;
}

static gboolean
constant_run (LimnCpuTask *task)
{
  memcpy (task->output, task->state, limn_tensor_size (task->node->output));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (constant) = {
  .prepare = constant_prepare,
  .run = constant_run,
  .clear = limn_kernel_free_state,
};
