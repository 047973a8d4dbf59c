// Layer normalisation (J. L. Ba et al., 2016), mean first, so that a large mean costs no digits
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/types.glsl"
#include "common/activation.glsl"
#include "common/reduce.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) readonly buffer Weight { float weight[]; };
layout (binding = 2) readonly buffer Bias { float bias[]; };
layout (binding = 3) writeonly buffer Y { STORED y[]; };

// A workgroup a row of "channels", from "x_at" and "y_at" on.
layout (push_constant) uniform Push
{
  uint  rows, channels, x_at, y_at, has_weight, has_bias;
  float epsilon;
};

ACTIVATIONS (2, 3, 4)

void
main ()
{
  uint  row = row_of_invocation (), at = x_at + row * channels, lane = gl_LocalInvocationID.x;
  float sum = 0.0, mean, scale;

  if (row >= rows)
    return;
  for (uint c = lane; c < channels; c += LANES)
    sum += float (x[at + c]);
  mean = sum_over_lanes (sum) / float (channels);
  sum = 0.0;
  for (uint c = lane; c < channels; c += LANES)
    {
      float d = float (x[at + c]) - mean;

      sum += d * d;
    }
  scale = 1.0 / sqrt (sum_over_lanes (sum) / float (channels) + epsilon);

  for (uint c = lane; c < channels; c += LANES)
    {
      float value = (float (x[at + c]) - mean) * scale;

      if (has_weight != 0)
        value *= weight[c];
      if (has_bias != 0)
        value += bias[c];
      y[y_at + row * channels + c] = STORED (activate_all (value));
    }
}
