// Of each row of scores the maximum and the inverse of Σ exp (score - maximum), in one pass with a running maximum
// (M. Milakov, N. Gimelshein, 2018).
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/attention.glsl"

layout (binding = 0) writeonly buffer Sums { vec2 sums[]; };
layout (binding = 1) uniform samplerBuffer score_texels; // rows of padded_keys

void
main ()
{
  uint  row = gl_GlobalInvocationID.x;
  float maximum = -3.4e38, sum = 0.0;

  if (row >= heads * block)
    return;
  for (uint first = 0; first < keys; first += 8)
    {
      int   at = int ((row * padded_keys + first) / 4);
      vec4  x = texelFetch (score_texels, at), y = texelFetch (score_texels, at + 1), most = max (x, y);
      float highest = max (maximum, max (max (most.x, most.y), max (most.z, most.w)));

      // What is behind the last key has been written as masked.
      sum *= exp (maximum - highest);
      maximum = highest;
      sum += dot (exp (x - maximum) + exp (y - maximum), vec4 (1));
    }
  sums[row] = vec2 (maximum, 1.0 / sum);
}
