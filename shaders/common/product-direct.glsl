// A product whose invocations hold a tile of results each and read straight from memory: for software devices, whose shared memory is
// no faster than any other, and which gather texels many times as fast as they read buffers.
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_EXT_control_flow_attributes : require

const uint TILE_ROWS = 8, TILE_COLUMNS = PANEL / 4; // the columns in fours

layout (local_size_x = 16) in;

const uint OUTSIDE = 0xffffffffu;

layout (constant_id = 4) const bool IN_FOURS = true; // whether channels come in fours

layout (binding = 6) uniform samplerBuffer x_texels;
layout (binding = 7) uniform samplerBuffer w_texels;

vec4
load_x (uint at, uint channel)
{
  vec4 x;

  if (IN_FOURS)
    return texelFetch (x_texels, int ((at + channel) / 4));
  for (uint i = 0; i < 4; i++)
    x[i] = channel + i < channels ? float (x1[at + channel + i]) : 0.0;
  return x;
}

void
main ()
{
  uint index = gl_GlobalInvocationID.x, panel = index % panels, first_row = index / panels * TILE_ROWS;
  uint depth = (channels + 3) / 4, weight_at = panel * taps * depth * PANEL;
  vec4 sums[TILE_ROWS][TILE_COLUMNS];
  Place places[TILE_ROWS];

  if (first_row >= rows)
    return;
  [[unroll]] for (uint j = 0; j < TILE_COLUMNS; j++)
    {
      vec4 first_sums = begin ((first_panel + panel) * PANEL + 4 * j, columns, vector_at);

      [[unroll]] for (uint i = 0; i < TILE_ROWS; i++)
        sums[i][j] = first_sums;
    }

  [[unroll]] for (uint i = 0; i < TILE_ROWS; i++)
    places[i] = place_of (min (first_row + i, rows - 1));

  for (uint tap = 0; tap < taps; tap++)
    {
      uint at[TILE_ROWS];

      [[unroll]] for (uint i = 0; i < TILE_ROWS; i++)
        at[i] = is_inside (places[i], tap) ? source (places[i], tap) : OUTSIDE;

      for (uint k = 0; k < depth; k++)
        {
          vec4 x[TILE_ROWS];

          [[unroll]] for (uint i = 0; i < TILE_ROWS; i++)
            x[i] = at[i] == OUTSIDE ? vec4 (0) : load_x (at[i], 4 * k);
          [[unroll]] for (uint q = 0; q < 4; q++)
            {
              vec4 w[TILE_COLUMNS];

              [[unroll]] for (uint j = 0; j < TILE_COLUMNS; j++)
                w[j] = texelFetch (w_texels, int (weight_at + j));
              [[unroll]] for (uint i = 0; i < TILE_ROWS; i++)
                [[unroll]] for (uint j = 0; j < TILE_COLUMNS; j++)
                  sums[i][j] += x[i][q] * w[j];
              weight_at += TILE_COLUMNS;
            }
        }
    }

  [[unroll]] for (uint j = 0; j < TILE_COLUMNS; j++)
    {
      uint column = (first_panel + panel) * PANEL + 4 * j;

      [[unroll]] for (uint i = 0; i < TILE_ROWS; i++)
        if (first_row + i < rows && column < columns)
          finish (sums[i][j], column, columns, result_at + (first_row + i) * columns, added_at + (first_row + i) * columns);
    }
}
