/* Adaptive scale and shift of normalised activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

static void
modulate_span (const LimnCpuTask *task,
               LimnSpan           span)
{
  LimnTensor *const *inputs = task->node->inputs;
  LimnType           type = inputs[0]->type;
  float              first[LIMN_SPAN], second[LIMN_SPAN], third[LIMN_SPAN];
  gsize              scale_at = limn_broadcast (inputs[1]->shape, inputs[0]->shape, span.row) + span.channel;
  gsize              shift_at = limn_broadcast (inputs[2]->shape, inputs[0]->shape, span.row) + span.channel;
  const float       *x = limn_load (type, task->inputs[0], span.at, span.n, first);
  const float       *scale = limn_load (inputs[1]->type, task->inputs[1], scale_at, span.n, second);
  const float       *shift = limn_load (inputs[2]->type, task->inputs[2], shift_at, span.n, third);
  float             *y = limn_target (type, task->output, span.at, first);

#pragma omp simd
  for (gsize i = 0; i < span.n; i++)
    y[i] = x[i] * (1.0f + scale[i]) + shift[i];
  limn_store (type, y, task->output, span.at, span.n);
}

static gboolean
modulate_run (LimnCpuTask *task)
{
  LimnSpans spans = limn_spans_of (task->node);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    modulate_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (modulate) = { .run = modulate_run, .in_place = TRUE };
