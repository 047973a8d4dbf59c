// y = x · (1 + scale) + shift, both broadcast
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 3
#include "common/rows.glsl"
layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) readonly buffer Scale { STORED scale[]; };
layout (binding = 1) readonly buffer WideScale { float wide_scale[]; };
layout (binding = 2) readonly buffer Shift { STORED shift[]; };
layout (binding = 2) readonly buffer WideShift { float wide_shift[]; };
layout (binding = 3) writeonly buffer Y { STORED y[]; };

float
compute (uint row, uint channel)
{
  float factor = 1.0 + LOAD (1, scale, places[1] + channel);

  return float (x[places[0] + channel]) * factor + LOAD (2, shift, places[2] + channel);
}

MAIN (y)
