// Of each row of scores the maximum and the inverse of Σ exp (score - maximum), in one pass with a running maximum
// (M. Milakov, N. Gimelshein, 2018).
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/attention.glsl"

layout (binding = 0) readonly buffer Scores { float scores[]; };
layout (binding = 1) writeonly buffer Sums { vec2 sums[]; };

void
main ()
{
  uint  row = gl_GlobalInvocationID.x;
  float maximum = -3.4e38, sum = 0.0;

  if (row >= heads * block)
    return;
  for (uint first = 0; first < keys; first += 8)
    {
      float x[8], highest = maximum;

      [[unroll]] for (uint j = 0; j < 8; j++)
        {
          x[j] = first + j < keys ? scores[row * keys + first + j] : -3.4e38;
          highest = max (highest, x[j]);
        }
      sum *= exp (maximum - highest);
      maximum = highest;
      [[unroll]] for (uint j = 0; j < 8; j++)
        sum += exp (x[j] - maximum);
    }
  sums[row] = vec2 (maximum, 1.0 / sum);
}
