// Scores of a block of queries: scale · q kᵀ, masked
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/attention.glsl"

const uint QUERIES = 4, KEYS = 16; // of an invocation
const float MASKED = -3.0e38;

layout (binding = 0) readonly buffer Q { STORED q1[]; };
layout (binding = 1) readonly buffer K { STORED k1[]; };
layout (binding = 2) readonly buffer Lengths { int lengths[]; };
layout (binding = 3) writeonly buffer Scores { float scores[]; };
layout (binding = 4) uniform samplerBuffer q_texels;
layout (binding = 5) uniform samplerBuffer k_texels;

vec4
load_q (uint at, uint i)
{
  vec4 x;

  if (IN_FOURS)
    return texelFetch (q_texels, int ((at + i) / 4));
  for (uint c = 0; c < 4; c++)
    x[c] = i + c < size ? float (q1[at + i + c]) : 0.0;
  return x;
}

vec4
load_k (uint at, uint i)
{
  vec4 x;

  if (IN_FOURS)
    return texelFetch (k_texels, int ((at + i) / 4));
  for (uint c = 0; c < 4; c++)
    x[c] = i + c < size ? float (k1[at + i + c]) : 0.0;
  return x;
}

void
main ()
{
  uint  key_tiles = padded_keys / KEYS, query_tiles = (block + QUERIES - 1) / QUERIES;
  uint  index = gl_GlobalInvocationID.x, key = index % key_tiles * KEYS, tile = index / key_tiles;
  uint  head = tile / query_tiles, query = tile % query_tiles * QUERIES;
  uint  head_at = (first_head + head) * size, q[QUERIES], k[KEYS];
  uint  length = keys;
  float sums[QUERIES][KEYS];

  if (head >= heads)
    return;
  if (has_lengths != 0)
    length = min (uint (max (lengths[lengths_at], 1)), keys);
  [[unroll]] for (uint i = 0; i < QUERIES; i++)
    q[i] = q_at + (first_query + min (query + i, block - 1)) * channels + head_at;
  [[unroll]] for (uint j = 0; j < KEYS; j++)
    k[j] = k_at + min (key + j, keys - 1) * channels + head_at;
  [[unroll]] for (uint i = 0; i < QUERIES; i++)
    [[unroll]] for (uint j = 0; j < KEYS; j++)
      sums[i][j] = 0.0;

  for (uint c = 0; c < size; c += 4)
    {
      vec4 x[QUERIES];

      [[unroll]] for (uint i = 0; i < QUERIES; i++)
        x[i] = load_q (q[i], c);
      [[unroll]] for (uint j = 0; j < KEYS; j++)
        {
          vec4 y = load_k (k[j], c);

          [[unroll]] for (uint i = 0; i < QUERIES; i++)
            sums[i][j] += dot (x[i], y);
        }
    }

  [[unroll]] for (uint i = 0; i < QUERIES; i++)
    [[unroll]] for (uint j = 0; j < KEYS; j++)
      if (query + i < block)
        {
          bool masked = key + j >= length || (causal != 0 && key + j > first_query + query + i);

          scores[(head * block + query + i) * padded_keys + key + j] = masked ? MASKED : scale * sums[i][j];
        }
}
