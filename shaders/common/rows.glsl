// Work on rows of channels: where the operands of a result's element lie. OPERANDS says how many there are.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/types.glsl"

#extension GL_EXT_control_flow_attributes : require

layout (local_size_x = 128) in;

// Channels that an invocation computes one after the other: 1 on graphics cards, whose neighbours then touch neighbouring memory;
// more where a division costs as much as a row.
layout (constant_id = 0) const uint SPAN = 1;

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

uint places[OPERANDS]; // of the row at hand

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

#ifdef SOURCE
// Where the row of the first operand begins that a row of the result reads.
uint source_place (uint row);
#endif

float compute (uint row, uint channel);

#ifdef SOURCE
#define PLACE(k, row) (k == 0 ? source_place (row) : place (k, row))
#else
#define PLACE(k, row) place (k, row)
#endif

#define MAIN(result)                                                                 \
  void main ()                                                                       \
  {                                                                                  \
    uint spans = (channels + SPAN - 1) / SPAN, n = rows * spans;                      \
    uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;                            \
                                                                                     \
    for (uint i = gl_GlobalInvocationID.x; i < n; i += stride)                        \
      {                                                                              \
        uint row = i / spans, begin = (i - row * spans) * SPAN;                       \
        uint end = min (begin + SPAN, channels), at = out_at + row * channels;        \
                                                                                     \
        [[unroll]] for (uint k = 0; k < OPERANDS; k++)                                \
          places[k] = PLACE (k, row);                                                 \
        for (uint channel = begin; channel < end; channel++)                          \
          result[at + channel] = STORED (compute (row, channel));                     \
      }                                                                              \
  }
