// Mean and 1 / deviation of each group from those of its slabs (T. F. Chan et al., 1979)
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/group-norm.glsl"

layout (binding = 0) buffer Moments { float moments[]; };

void
main ()
{
  uint  group = gl_GlobalInvocationID.x;
  float n = 0.0, mean = 0.0, squares = 0.0;

  if (group >= groups)
    return;
  for (uint s = 0; s < all_slabs; s++)
    {
      uint  at = (s * groups + group) * 3;
      float m = moments[at], d = moments[at + 1] - mean, total = n + m;

      mean += d * (m / total);
      squares += moments[at + 2] + d * d * (n * m / total);
      n = total;
    }
  moments[moments_at + group * 2] = mean;
  moments[moments_at + group * 2 + 1] = 1.0 / sqrt (squares / n + epsilon);
}
