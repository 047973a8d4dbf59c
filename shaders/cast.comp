// From one type of activations to another.
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#ifdef FROM_F16
#extension GL_EXT_shader_16bit_storage : require
#endif
#ifdef FROM_F16
#define FROM float16_t
#else
#define FROM float
#endif
#define OPERANDS 1
#include "common/rows.glsl"

layout (binding = 0) readonly buffer X { FROM x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

float
compute (uint row, uint channel)
{
  return float (x[places[0] + channel]);
}

MAIN (y)
