// y = x where x ≥ 0, else slope · x
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 2
#include "common/rows.glsl"
layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) readonly buffer Slope { float slope[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

// arguments: 1 where each channel has its slope, 0 where all have one
float
compute (uint row, uint channel)
{
  float value = float (x[places[0] + channel]);

  return value < 0.0 ? slope[places[1] + channel * arguments[0]] * value : value;
}

MAIN (y)
