// From one type of activations to another.
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#ifdef FROM_F16
#extension GL_EXT_shader_16bit_storage : require
#endif
#ifdef FROM_F16
#define SOURCE float16_t
#else
#define SOURCE float
#endif
#include "common/rows.glsl"

layout (binding = 0) readonly buffer X { SOURCE x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

float
compute (uint row, uint channel)
{
  return float (x[place (0, row) + channel]);
}

MAIN (y)
