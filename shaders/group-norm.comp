// Group normalisation (Y. Wu, K. He, 2018): (x - mean) / deviation · weight + bias, then activations
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/group-norm.glsl"
#include "common/activation.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) readonly buffer Moments { float moments[]; };
layout (binding = 2) readonly buffer Weight { float weight[]; };
layout (binding = 3) readonly buffer Bias { float bias[]; };
layout (binding = 4) writeonly buffer Y { STORED y[]; };

ACTIVATIONS (0, 1, 2)

void
main ()
{
  uint n = rows * channels, stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x, size = channels / groups;

  for (uint i = gl_GlobalInvocationID.x; i < n; i += stride)
    {
      uint  channel = i % channels, at = moments_at + channel / size * 2;
      float value = (float (x[x_at + i]) - moments[at]) * moments[at + 1] * weight[channel] + bias[channel];

      y[y_at + i] = STORED (activate_all (value));
    }
}
