/* Sinusoidal features of a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

#include <math.h>

/* Rounded to f32 where diffusers rounds: at t = 1000 that is what the last digits hang on. */
static void
fill_frequencies (const LimnVulkanPacking *packing,
                  const LimnWeight        *weight,
                  gsize                    first,
                  gsize                    n,
                  float                   *to)
{
  const float log_period = 9.210340371976184f; /* ln 10000 */

  for (gsize i = 0; i < packing->columns; i++)
    to[i] = (float) exp ((double) (-log_period * (float) i / (float) packing->columns));
}

static gboolean
timestep_prepare (LimnVulkanTask *task,
                  GError        **error)
{
  const LimnTimestepArgs *args = limn_node_args (task->node);
  const LimnVulkanPacking packing = { "frequencies", LIMN_F32, 1, (gsize) args->channels / 2, fill_frequencies };

  task->state = limn_vulkan_pack (task->vulkan, NULL, &packing, error);
  return task->state != NULL;
}

static gboolean
timestep_record (const LimnVulkanTask *task,
                 LimnVulkanRecorder   *recorder,
                 GError              **error)
{
  const LimnTimestepArgs *args = limn_node_args (task->node);
  const LimnVulkanPack   *pack = task->state;
  LimnVulkanRows          rows = limn_vulkan_rows_of (task, "timestep", 1);

  rows.operands[rows.n_operands++] = (LimnVulkanOperand){
    .span = pack->span, .shape = { 1, 1, 1, args->channels / 2 }, .element = sizeof (float), .whole = TRUE
  };
  rows.arguments[0] = limn_vulkan_float_bits (args->scale);
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

static void
timestep_clear (LimnVulkanTask *task)
{
  limn_vulkan_pack_release (task->vulkan, task->state);
}

const LimnVulkanKernel limn_vulkan_timestep = { .prepare = timestep_prepare, .record = timestep_record, .clear = timestep_clear };
