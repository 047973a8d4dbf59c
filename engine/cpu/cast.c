/* Change of the type that numbers are kept in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

static void
cast_span (const LimnCpuTask *task,
           LimnSpan           span)
{
  LimnType     from = task->node->inputs[0]->type, to = task->node->output->type;
  float        buffer[LIMN_SPAN];
  const float *x = limn_load (from, task->inputs[0], span.at, span.n, buffer);

  if (to == LIMN_F32)
    memcpy ((float *) task->output + span.at, x, span.n * sizeof *x);
  else
    limn_store (to, x, task->output, span.at, span.n);
}

static gboolean
cast_run (LimnCpuTask *task)
{
  LimnSpans spans = limn_spans_of (task->node);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    cast_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (cast) = { .run = cast_run };
