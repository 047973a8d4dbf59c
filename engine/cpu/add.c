/* Sum of two tensors, the second broadcast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/activate.h"
#include "engine/cpu/kernel.h"

static void
add_span (const LimnCpuTask *task,
          LimnSpan           span)
{
  const LimnTensor *a = task->node->inputs[0], *b = task->node->inputs[1];
  float             first[LIMN_SPAN], second[LIMN_SPAN];
  gsize             at = limn_broadcast (b->shape, a->shape, span.row) + span.channel;
  const float      *x = limn_load (a->type, task->inputs[0], span.at, span.n, first);
  const float      *z = limn_load (b->type, task->inputs[1], at, span.n, second);
  float            *y = limn_target (a->type, task->output, span.at, first);

#pragma omp simd
  for (gsize i = 0; i < span.n; i++)
    y[i] = x[i] + z[i];
  limn_activate_epilogues (task->node, y, span.n);
  limn_store (a->type, y, task->output, span.at, span.n);
}

static gboolean
add_run (LimnCpuTask *task)
{
  LimnSpans spans = limn_spans_of (task->node);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    add_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (add) = { .run = add_run, .in_place = TRUE };
