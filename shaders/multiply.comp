// y = a · b, b broadcast
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 2
#include "common/rows.glsl"
layout (binding = 0) readonly buffer A { STORED a[]; };
layout (binding = 1) readonly buffer B { STORED b[]; };
layout (binding = 1) readonly buffer WideB { float wide_b[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

float
compute (uint row, uint channel)
{
  return float (a[places[0] + channel]) * LOAD (1, b, places[1] + channel);
}

MAIN (y)
