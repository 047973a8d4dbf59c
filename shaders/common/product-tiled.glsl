// A product for graphics cards: a workgroup computes a square of TILE × TILE results. Blocks of both factors go through shared memory,
// two at a time, so that the next one is read while the invocations multiply the one that is there; each holds SIDE × SIDE sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#extension GL_EXT_control_flow_attributes : require

const uint DEPTH = 16;        // of a block
const uint THREADS = 8;       // along a side of the square
const uint SIDE = TILE / THREADS;
const uint LOADS = TILE * DEPTH / 4 / (THREADS * THREADS); // fours of each factor that an invocation reads of a block

layout (local_size_x = THREADS * THREADS) in;

layout (constant_id = 4) const bool IN_FOURS = true; // whether channels come in fours

shared vec4 shared_x[2][DEPTH][TILE / 4];
shared vec4 shared_w[2][DEPTH][TILE / 4];

Place places[LOADS]; // of the rows that this invocation reads

vec4
load_x (uint load, uint k, uint padded)
{
  uint tap = k / padded, channel = k - tap * padded, at;
  vec4 x = vec4 (0);

  if (tap >= taps || !is_inside (places[load], tap))
    return x;
  at = source (places[load], tap) + channel;
  if (IN_FOURS)
    return vec4 (x4[at / 4]);
  for (uint i = 0; i < 4; i++)
    x[i] = channel + i < channels ? float (x1[at + i]) : 0.0;
  return x;
}

void
main ()
{
  uint thread = gl_LocalInvocationID.x, padded = (channels + 3) / 4 * 4, all = taps * padded;
  uint squares = (panels * PANEL + TILE - 1) / TILE;
  uint first_row = gl_WorkGroupID.x / squares * TILE, first_column = gl_WorkGroupID.x % squares * TILE;
  uint row_side = thread / THREADS * SIDE, column_side = thread % THREADS * SIDE;
  vec4 sums[SIDE][SIDE / 4], next_x[LOADS], next_w[LOADS];

  [[unroll]] for (uint l = 0; l < LOADS; l++)
    places[l] = place_of (min (first_row + (thread + l * THREADS * THREADS) / (DEPTH / 4), rows - 1));
  [[unroll]] for (uint j = 0; j < SIDE / 4; j++)
    {
      uint column = first_column + column_side + 4 * j;
      vec4 first_sums = column < panels * PANEL ? begin (first_panel * PANEL + column, columns, vector_at) : vec4 (0);

      [[unroll]] for (uint i = 0; i < SIDE; i++)
        sums[i][j] = first_sums;
    }

  // One turn more than there are blocks: each reads its own and multiplies the one before.
  for (uint block = 0; block < (all + DEPTH - 1) / DEPTH + 1; block++)
    {
      uint here = block & 1u, before = here ^ 1u;

      [[unroll]] for (uint l = 0; l < LOADS; l++)
        {
          uint four = thread + l * THREADS * THREADS, k = block * DEPTH + four % (DEPTH / 4) * 4;
          uint w_k = block * DEPTH + four / (TILE / 4), column = first_column + four % (TILE / 4) * 4;

          next_x[l] = load_x (l, k, padded);
          next_w[l] = w_k < all && column < panels * PANEL ? vec4 (w4[(column / PANEL * all + w_k) * (PANEL / 4) + column % PANEL / 4]) : vec4 (0);
        }

      if (block > 0)
        for (uint k = 0; k < DEPTH; k++)
          {
            vec4 x[SIDE / 4], w[SIDE / 4];

            [[unroll]] for (uint i = 0; i < SIDE / 4; i++)
              {
                x[i] = shared_x[before][k][row_side / 4 + i];
                w[i] = shared_w[before][k][column_side / 4 + i];
              }
            [[unroll]] for (uint i = 0; i < SIDE; i++)
              [[unroll]] for (uint j = 0; j < SIDE / 4; j++)
                sums[i][j] += x[i / 4][i % 4] * w[j];
          }

      [[unroll]] for (uint l = 0; l < LOADS; l++)
        {
          uint four = thread + l * THREADS * THREADS, row = four / (DEPTH / 4), k = four % (DEPTH / 4) * 4;

          [[unroll]] for (uint i = 0; i < 4; i++)
            shared_x[here][k + i][row / 4][row % 4] = next_x[l][i];
          shared_w[here][four / (TILE / 4)][four % (TILE / 4)] = next_w[l];
        }
      barrier ();
    }

  [[unroll]] for (uint i = 0; i < SIDE; i++)
    [[unroll]] for (uint j = 0; j < SIDE / 4; j++)
      {
        uint row = first_row + row_side + i, here = first_column + column_side + 4 * j, column = first_panel * PANEL + here;

        if (row < rows && here < panels * PANEL && column < columns)
          finish (sums[i][j], column, columns, result_at + row * columns, added_at + row * columns);
      }
}
