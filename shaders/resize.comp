// Nearest neighbour: source = floor (target · source size / target size)
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 1
#define SOURCE
#include "common/rows.glsl"

layout (binding = 0) readonly buffer X { STORED x[]; };
layout (binding = 1) writeonly buffer Y { STORED y[]; };

uint
source_place (uint row)
{
  Operand source = operands[0]; // strides: first line, height, width
  uint    r = first + row, line = r / width;
  uint    in_line = (line / height) * source.row_stride + (line % height) * source.row_stride / height;
  uint    in_column = (r % width) * source.column_stride / width;

  return source.at + ((in_line - source.sample_stride) * source.column_stride + in_column) * channels;
}

float
compute (uint row, uint channel)
{
  return float (x[places[0] + channel]);
}

MAIN (y)
