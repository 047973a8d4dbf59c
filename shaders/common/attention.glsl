// Attention over a block of queries: what its three parts share. Rows of scores are (head, query) of the block.
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_EXT_control_flow_attributes : require
#include "common/types.glsl"

layout (local_size_x = 16) in;

// Heads from "first_head" on, "heads" of them, and queries from "first_query" on, "block" of them, of one sample; a head has "size"
// of the "channels". Elements are counted within bindings.
layout (push_constant) uniform Push
{
  uint  first_head, heads, first_query, block;
  uint  keys, padded_keys, channels, size;
  uint  q_at, k_at, v_at, out_at, lengths_at;
  uint  causal, has_lengths;
  float scale;
};

layout (constant_id = 0) const bool IN_FOURS = true; // whether heads' channels and places come in fours
