// What the three parts of group normalisation share.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/types.glsl"

layout (local_size_x = 32) in;

// One sample's "rows" places of "channels", "groups" groups; in the part at hand "slabs" slabs of "slab" places from "first_slab" on.
layout (push_constant) uniform Push
{
  uint  rows, channels, groups, slab, slabs, first_slab, all_slabs;
  uint  x_at, y_at, moments_at;
  float epsilon;
};
