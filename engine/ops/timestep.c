/* Sinusoidal features of a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_timestep:
 * @time: f32 [n, 1, 1, 1]
 * @channels: of the result; the last of an odd number is 0
 * @scale: multiplies the angles
 *
 * Cosines, then sines, of scale · t · 10000^(-i / half), i in 0 … half, half = channels / 2 (Ho et al., 2020, after Vaswani et al.,
 * 2017; order and rounding as diffusers has them with flip_sin_to_cos and freq_shift 0).
 *
 * Returns: f32 [n, 1, 1, channels]
 */
LimnTensor *
limn_timestep (LimnGraph  *graph,
               LimnTensor *time,
               int         channels,
               float       scale)
{
  LimnTimestepArgs args = { .channels = channels, .scale = scale };
  LimnCall         call = {
            .op = &limn_op_timestep, .args = &args, .args_size = sizeof args, .inputs = { time }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
timestep_infer (const LimnNode *node,
                LimnShape      *out,
                GError        **error)
{
  const LimnTimestepArgs *args = limn_node_args (node);
  const LimnTensor       *time = limn_node_input (node, 0);

  if (time->type != LIMN_F32 || limn_shape_positions (time->shape) != 1 || time->shape.c != 1)
    return limn_shape_error (error, node, "time is not one f32 a sample");
  if (args->channels < 2)
    return limn_shape_error (error, node, "%d channels are too few", args->channels);
  *out = (LimnShape){ time->shape.n, 1, 1, args->channels };
  return TRUE;
}

static double
timestep_operations (const LimnNode *node)
{
  return 32 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_timestep = {
  .name = "timestep",
  .infer = timestep_infer,
  .operations = timestep_operations,
  .cpu = LIMN_CPU_KERNELS (timestep),
  .vulkan = &limn_vulkan_timestep,
};
