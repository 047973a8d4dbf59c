/* Gated linear unit with GELU.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

static void
geglu_span (const LimnCpuTask *task,
            LimnSpan           span)
{
  LimnType     type = task->node->output->type;
  gsize        channels = (gsize) task->node->output->shape.c;
  gsize        at = span.row * 2 * channels + span.channel;
  float        first[LIMN_SPAN], second[LIMN_SPAN];
  const float *x = limn_load (type, task->inputs[0], at, span.n, first);
  const float *gate = limn_load (type, task->inputs[0], at + channels, span.n, second);
  float       *y = limn_target (type, task->output, span.at, first);

#pragma omp simd
  for (gsize i = 0; i < span.n; i++)
    y[i] = x[i] * gate[i] * limn_normal_cdf (gate[i]);
  limn_store (type, y, task->output, span.at, span.n);
}

static gboolean
geglu_run (LimnCpuTask *task)
{
  LimnSpans spans = limn_spans_of (task->node);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    geglu_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (geglu) = { .run = geglu_run };
