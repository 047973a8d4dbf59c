// Rows of a, then of b
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 2
#include "common/rows.glsl"
layout (binding = 0) readonly buffer A { STORED a[]; };
layout (binding = 1) readonly buffer B { STORED b[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

// arguments[0]: channels of a
float
compute (uint row, uint channel)
{
  if (channel < arguments[0])
    return float (a[places[0] + channel]);
  return float (b[places[1] + channel - arguments[0]]);
}

MAIN (y)
