// Sums over the invocations that share a row: one of them where the device has no fast shared memory.
// SPDX-License-Identifier: GPL-3.0-or-later
layout (local_size_x_id = 0, local_size_y_id = 1) in;
layout (constant_id = 0) const uint LANES = 1; // of a row
layout (constant_id = 1) const uint ROWS = 1;  // of a workgroup; 1 where LANES is more

shared float shared_sums[LANES];

uint
row_of_invocation ()
{
  return (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * ROWS + gl_LocalInvocationID.y;
}

float
sum_over_lanes (float value)
{
  uint lane = gl_LocalInvocationID.x;

  if (LANES == 1)
    return value;
  barrier (); // what an earlier sum left has been read
  shared_sums[lane] = value;
  barrier ();
  for (uint half_ = LANES / 2; half_ > 0; half_ /= 2)
    {
      if (lane < half_)
        shared_sums[lane] += shared_sums[lane + half_];
      barrier ();
    }
  return shared_sums[0];
}
