// y = f (x)
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 1
#include "common/rows.glsl"
#include "common/activation.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

ACTIVATIONS (1, 2, 3)

float
compute (uint row, uint channel)
{
  return activate_all (float (x[places[0] + channel]));
}

MAIN (y)
