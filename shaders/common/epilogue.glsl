// How products and convolutions end: bias, added tensors, activations, as the plan fused them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/activation.glsl"

layout (binding = 2) readonly buffer Bias { vec4 bias[]; }; // f32, padded as the weights' columns
layout (binding = 3) readonly buffer Vector { STORED added_vector[]; };
layout (binding = 4) readonly buffer Whole { STORED added[]; };
layout (binding = 5) writeonly buffer Result { STORED result[]; };

layout (constant_id = 0) const bool HAS_BIAS = false;
layout (constant_id = 1) const bool HAS_VECTOR = false;

// What follows, in order: nothing (0), the addition of a whole tensor (1), or 2 + activation.
layout (constant_id = 2) const uint STEP_0 = 0;
layout (constant_id = 3) const uint STEP_1 = 0;
layout (constant_id = 4) const uint STEP_2 = 0;

float
step_after (uint step, float value, uint at)
{
  if (step == 0)
    return value;
  return step == 1 ? value + float (added[at]) : activate (step - 2, value);
}

// Four columns from "column" on of the row that begins at element "row_at" of the result, and at "added_at" of the added tensor.
void
finish (vec4 sums, uint column, uint columns, uint row_at, uint added_at, uint vector_at)
{
  if (HAS_BIAS)
    sums += bias[column / 4];
  for (uint i = 0; i < 4; i++)
    {
      uint  c = column + i;
      float value;

      if (c >= columns)
        return;
      value = sums[i];
      if (HAS_VECTOR)
        value += float (added_vector[vector_at + c]);
      value = step_after (STEP_0, value, added_at + c);
      value = step_after (STEP_1, value, added_at + c);
      value = step_after (STEP_2, value, added_at + c);
      result[row_at + c] = STORED (value);
    }
}
