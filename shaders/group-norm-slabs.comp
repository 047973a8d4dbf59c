// Count, mean and sum of squared deviations of each group in each slab of places
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/group-norm.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Moments { float moments[]; }; // [slab][group][count, mean, deviations]

void
main ()
{
  uint  index = gl_GlobalInvocationID.x, group = index % groups, here = index / groups;
  uint  size = channels / groups, begin = here * slab, end = min (begin + slab, rows - first_slab * slab), at;
  float shift, sum = 0.0, squares = 0.0, n;

  if (here >= slabs)
    return;
  // Sums of differences from a value that is there keep the digits that a large mean would cost.
  shift = float (x[x_at + begin * channels + group * size]);
  for (uint row = begin; row < end; row++)
    {
      float part = 0.0, part_squares = 0.0;

      for (uint c = 0; c < size; c++)
        {
          float d = float (x[x_at + row * channels + group * size + c]) - shift;

          part += d;
          part_squares += d * d;
        }
      sum += part;
      squares += part_squares;
    }
  n = float ((end - begin) * size);
  at = ((first_slab + here) * groups + group) * 3;
  moments[at] = n;
  moments[at + 1] = shift + sum / n;
  moments[at + 2] = max (squares - sum * sum / n, 0.0);
}
