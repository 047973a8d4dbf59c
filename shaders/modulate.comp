// y = x · (1 + scale) + shift, both broadcast
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
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
  float factor = 1.0 + LOAD (1, scale, place (1, row) + channel);

  return float (x[place (0, row) + channel]) * factor + LOAD (2, shift, place (2, row) + channel);
}

MAIN (y)
