// Rows of a, then of b
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/rows.glsl"
layout (binding = 0) readonly buffer A { STORED a[]; };
layout (binding = 1) readonly buffer B { STORED b[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

// arguments[0]: channels of a
float
compute (uint row, uint channel)
{
  if (channel < arguments[0])
    return float (a[place (0, row) + channel]);
  return float (b[place (1, row) + channel - arguments[0]]);
}

MAIN (y)
