// Work on rows of channels: where the operands of a result's element lie. Included after OPERANDS is defined.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/types.glsl"

layout (local_size_x = 128) in;

// Elements of an operand: from "at" on, so many apart for the next sample, row and column. An aligned operand has a row of
// "column" elements for each of the dispatch's rows instead.
const uint ALIGNED = 0xffffffffu;

struct Operand
{
  uint at, sample_stride, row_stride, column_stride;
};

// "rows" rows from "first" on, "channels" elements each; [.., height, width, ..] is the result's shape.
layout (push_constant) uniform Push
{
  uint    rows, channels, first, out_at;
  uint    width, height;
  uint    wide; // bit i: operand i holds f32 beside half floats
  uint    arguments[4];
  Operand operands[3];
};

uint
place (uint index, uint row)
{
  Operand operand = operands[index];
  uint    r, x, y;

  if (operand.sample_stride == ALIGNED)
    return operand.at + row * operand.column_stride;
  r = first + row;
  x = r % width;
  r /= width;
  y = r % height;
  return operand.at + (r / height) * operand.sample_stride + y * operand.row_stride + x * operand.column_stride;
}

float
argument (uint index)
{
  return uintBitsToFloat (arguments[index]);
}

// An element of operand "index", whose buffer is declared for both types.
#ifdef F16
#define LOAD(index, name, at) ((wide & 1u << index) != 0 ? wide_##name[at] : float (name[at]))
#else
#define LOAD(index, name, at) name[at]
#endif

float compute (uint row, uint channel);

#define MAIN(result)                                                             \
  void main ()                                                                   \
  {                                                                              \
    uint n = rows * channels, stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;  \
                                                                                 \
    for (uint i = gl_GlobalInvocationID.x; i < n; i += stride)                   \
      {                                                                          \
        uint row = i / channels;                                                 \
                                                                                 \
        result[out_at + i] = STORED (compute (row, i - row * channels));         \
      }                                                                          \
  }
