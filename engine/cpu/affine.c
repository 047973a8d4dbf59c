/* A number times a tensor plus a number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"
#include "engine/ops/ops.h"

static void
affine_span (const LimnCpuTask *task,
             LimnSpan           span)
{
  const LimnAffineArgs *args = limn_node_args (task->node);
  LimnType              type = task->node->output->type;
  float                 scale = args->scale, shift = args->shift;
  float                 buffer[LIMN_SPAN];
  const float          *x = limn_load (type, task->inputs[0], span.at, span.n, buffer);
  float                *y = limn_target (type, task->output, span.at, buffer);

#pragma omp simd
  for (gsize i = 0; i < span.n; i++)
    y[i] = scale * x[i] + shift;
  limn_store (type, y, task->output, span.at, span.n);
}

static gboolean
affine_run (LimnCpuTask *task)
{
  LimnSpans spans = limn_spans_of (task->node);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    affine_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (affine) = { .run = affine_run, .in_place = TRUE };
