// How products and convolutions end: bias, added tensors, activations, as the plan fused them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/activation.glsl"

layout (binding = 2) readonly buffer Bias { vec4 bias[]; }; // f32, padded as the weights' columns; zeros where there is none, which spares a variant
layout (binding = 3) readonly buffer Vector { STORED added_vector[]; };
layout (binding = 4) readonly buffer Whole { STORED added[]; };
layout (binding = 5) writeonly buffer Result { STORED result[]; };
layout (binding = 5) writeonly buffer ResultInFours { STORED4 result4[]; };

layout (constant_id = 0) const bool HAS_VECTOR = false;

// What follows, in order: nothing (0), the addition of a whole tensor (1), or 2 + activation.
layout (constant_id = 1) const uint STEP_0 = 0;
layout (constant_id = 2) const uint STEP_1 = 0;
layout (constant_id = 3) const uint STEP_2 = 0;

layout (constant_id = 5) const bool OUT_IN_FOURS = true; // whether columns come in fours

#ifdef DIRECT
layout (binding = 8) uniform samplerBuffer added_texels;
#endif

// What sums begin with: the bias of four columns from "column" on, and the vector added to it.
vec4
begin (uint column, uint columns, uint vector_at)
{
  vec4 sums = bias[column / 4];

  for (uint i = 0; HAS_VECTOR && i < 4; i++)
    if (column + i < columns)
      sums[i] += float (added_vector[vector_at + column + i]);
  return sums;
}

vec4
load_added (uint at, uint left)
{
  vec4 x = vec4 (0);

#ifdef DIRECT
  if (OUT_IN_FOURS)
    return texelFetch (added_texels, int (at / 4));
#endif
  for (uint i = 0; i < 4; i++)
    if (i < left)
      x[i] = float (added[at + i]);
  return x;
}

vec4
step_after (uint step, vec4 value, uint at, uint left)
{
  if (step == 0)
    return value;
  if (step == 1)
    return value + load_added (at, left);
  return vec4 (activate (step - 2, value.x), activate (step - 2, value.y), activate (step - 2, value.z), activate (step - 2, value.w));
}

// Four columns from "column" on of the row that begins at element "row_at" of the result, and at "added_at" of the added tensor.
void
finish (vec4 value, uint column, uint columns, uint row_at, uint added_at)
{
  uint left = columns - column;

  value = step_after (STEP_0, value, added_at + column, left);
  value = step_after (STEP_1, value, added_at + column, left);
  value = step_after (STEP_2, value, added_at + column, left);
  if (OUT_IN_FOURS)
    result4[(row_at + column) / 4] = STORED4 (value);
  else
    for (uint i = 0; i < 4; i++)
      if (i < left)
        result[row_at + column + i] = STORED (value[i]);
}
