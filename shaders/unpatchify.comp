// Pixel shuffle: the inverse of patchify
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/rows.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

// arguments: p
float
compute (uint row, uint channel)
{
  Operand source = operands[0]; // strides: first line, height, width
  uint    p = arguments[0], r = first + row, line = r / width, column = r % width;
  uint    in_line = (line / height) * source.row_stride + (line % height) / p;
  uint    c = channel * p * p + (line % height) % p * p + column % p;

  return float (x[source.at + ((in_line - source.sample_stride) * source.column_stride + column / p) * (channels * p * p) + c]);
}

MAIN (y)
