// softmax (scores) v
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/attention.glsl"

const uint QUERIES = 4, CHANNELS = 4; // of an invocation, the channels in fours

layout (binding = 0) readonly buffer Sums { vec2 sums[]; };
layout (binding = 1) readonly buffer V { STORED v1[]; };
layout (binding = 2) writeonly buffer Result { STORED result[]; };
layout (binding = 3) uniform samplerBuffer score_texels; // rows of padded_keys
layout (binding = 4) uniform samplerBuffer v_texels;

vec4
load_v (uint at, uint c)
{
  vec4 x;

  if (IN_FOURS)
    return texelFetch (v_texels, int ((at + min (c, size - 4)) / 4));
  for (uint i = 0; i < 4; i++)
    x[i] = c + i < size ? float (v1[at + c + i]) : 0.0;
  return x;
}

void
main ()
{
  uint tiles = (size + 4 * CHANNELS - 1) / (4 * CHANNELS), query_tiles = (block + QUERIES - 1) / QUERIES;
  uint index = gl_GlobalInvocationID.x, channel = index % tiles * 4 * CHANNELS, tile = index / tiles;
  uint head = tile / query_tiles, query = tile % query_tiles * QUERIES;
  uint head_at = (first_head + head) * size, row[QUERIES];
  vec2 sum[QUERIES];
  vec4 total[QUERIES][CHANNELS];

  if (head >= heads)
    return;
  [[unroll]] for (uint i = 0; i < QUERIES; i++)
    {
      row[i] = head * block + min (query + i, block - 1);
      sum[i] = sums[row[i]];
      row[i] *= padded_keys;
      [[unroll]] for (uint j = 0; j < CHANNELS; j++)
        total[i][j] = vec4 (0);
    }

  for (uint first = 0; first < keys; first += 4)
    {
      vec4 p[QUERIES];

      // Behind the last key the scores are masked, so p is 0 there whatever v is.
      [[unroll]] for (uint i = 0; i < QUERIES; i++)
        p[i] = exp (texelFetch (score_texels, int ((row[i] + first) / 4)) - sum[i].x);
      [[unroll]] for (uint k = 0; k < 4; k++)
        [[unroll]] for (uint j = 0; j < CHANNELS; j++)
          {
            vec4 v = load_v (v_at + min (first + k, keys - 1) * channels + head_at, channel + 4 * j);

            [[unroll]] for (uint i = 0; i < QUERIES; i++)
              total[i][j] += p[i][k] * v;
          }
    }

  [[unroll]] for (uint i = 0; i < QUERIES; i++)
    if (query + i < block)
      [[unroll]] for (uint j = 0; j < CHANNELS; j++)
        for (uint c = 0; c < 4; c++)
          if (channel + 4 * j + c < size)
            result[out_at + (first_query + query + i) * channels + head_at + channel + 4 * j + c] = STORED (total[i][j][c] * sum[i].y);
}
