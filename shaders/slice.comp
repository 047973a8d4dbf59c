// Channels of a row: y = x [first …]
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 1
#include "common/rows.glsl"
layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

float
compute (uint row, uint channel)
{
  return float (x[places[0] + arguments[0] + channel]);
}

MAIN (y)
