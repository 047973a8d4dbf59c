// Mean over the first tokens of a sample
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 2
#include "common/rows.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) readonly buffer Lengths { int lengths[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

// arguments: tokens of a sample
float
compute (uint row, uint channel)
{
  uint          n = uint (clamp (lengths[places[1]], 1, int (arguments[0]))), at = operands[0].at + (first + row) * arguments[0] * channels;
  precise float sum = 0.0, lost = 0.0;

  // Compensated (W. Kahan, 1965): a long prompt's sum keeps its last digits.
  for (uint t = 0; t < n; t++)
    {
      precise float value = float (x[at + t * channels + channel]) - lost, next = sum + value;

      lost = (next - sum) - value;
      sum = next;
    }
  return sum / float (n);
}

MAIN (y)
