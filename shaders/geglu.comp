// y = a · gelu (b) of rows that hold a, then b
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 1
#include "common/rows.glsl"
#include "common/activation.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

float
compute (uint row, uint channel)
{
  uint at = places[0] + channel;

  return float (x[at]) * activate (GELU, float (x[at + channels]));
}

MAIN (y)
