// y = scale · x + shift
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/types.glsl"

layout (local_size_x = 128) in;
layout (binding = 0) readonly buffer Input { STORED x[]; };
layout (binding = 1) writeonly buffer Output { STORED y[]; };
layout (push_constant) uniform Push { uint n, x_at, y_at; float scale, shift; };

void
main ()
{
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;

  for (uint i = gl_GlobalInvocationID.x; i < n; i += stride)
    y[y_at + i] = STORED (scale * float (x[x_at + i]) + shift);
}
