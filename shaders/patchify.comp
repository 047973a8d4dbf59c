// Pixel unshuffle: channel c · p² + dy · p + dx
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 1
#define SOURCE
#include "common/rows.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

// arguments: p
uint
source_place (uint row)
{
  Operand source = operands[0]; // strides: first line, height, width
  uint    p = arguments[0], r = first + row, line = r / width;
  uint    in_line = (line / height) * source.row_stride + (line % height) * p;

  return source.at + ((in_line - source.sample_stride) * source.column_stride + (r % width) * p) * (channels / (p * p));
}

float
compute (uint row, uint channel)
{
  uint p = arguments[0], c = channel / (p * p), dy = channel / p % p, dx = channel % p;

  return float (x[places[0] + (dy * operands[0].column_stride + dx) * (channels / (p * p)) + c]);
}

MAIN (y)
