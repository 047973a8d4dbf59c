// Rows of a table chosen by ids, and rows of learnt positions added
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 3
#include "common/rows.glsl"

layout (binding = 0) readonly buffer Ids { int ids[]; };
layout (binding = 1) readonly buffer Table { STORED table[]; };
layout (binding = 2) readonly buffer Positions { STORED positions[]; };
layout (binding = 3) writeonly buffer Y { STORED y[]; };

// arguments: ids of the vocabulary, the first one in this part of the table, how many it has, whether there are positions
void
main ()
{
  uint n = rows * channels, stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;

  for (uint i = gl_GlobalInvocationID.x; i < n; i += stride)
    {
      uint  row = i / channels, channel = i - row * channels;
      uint  id = uint (clamp (ids[place (0, row)], 0, int (arguments[0]) - 1)) - arguments[1];
      float value;

      if (id >= arguments[2])
        continue;
      value = float (table[operands[1].at + id * channels + channel]);
      if (arguments[3] != 0)
        value += float (positions[operands[2].at + (first + row) % width * channels + channel]);
      y[out_at + i] = STORED (value);
    }
}
