// y = f (a + b), b broadcast
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/rows.glsl"
#include "common/activation.glsl"

layout (binding = 0) readonly buffer A { STORED a[]; };
layout (binding = 1) readonly buffer B { STORED b[]; };
layout (binding = 1) readonly buffer WideB { float wide_b[]; };
layout (binding = 2) writeonly buffer Y { STORED y[]; };

// arguments[0] activations follow, the others say which.
float
compute (uint row, uint channel)
{
  float value = float (a[place (0, row) + channel]) + LOAD (1, b, place (1, row) + channel);

  for (uint i = 0; i < arguments[0]; i++)
    value = activate (arguments[1 + i], value);
  return value;
}

MAIN (y)
