// Root mean square normalisation (B. Zhang, R. Sennrich, 2019) of each run of channels
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/types.glsl"
#include "common/reduce.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) readonly buffer Weight { float weight[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

// A workgroup a run of "channels", from "x_at" and "y_at" on.
layout (push_constant) uniform Push
{
  uint  rows, channels, x_at, y_at;
  float epsilon;
};

void
main ()
{
  uint  row = row_of_invocation (), at = row * channels, lane = gl_LocalInvocationID.x;
  float sum = 0.0, scale;

  if (row >= rows)
    return;
  for (uint c = lane; c < channels; c += LANES)
    {
      float value = float (x[x_at + at + c]);

      sum += value * value;
    }
  scale = 1.0 / sqrt (sum_over_lanes (sum) / float (channels) + epsilon);
  for (uint c = lane; c < channels; c += LANES)
    y[y_at + at + c] = STORED (float (x[x_at + at + c]) * scale * weight[c]);
}
