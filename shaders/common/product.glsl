// x Wᵀ for rows of x that are places of a picture, under each tap of a kernel: what linear layers and convolutions are.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/types.glsl"
#include "common/epilogue.glsl"

layout (binding = 0) readonly buffer X { STORED x1[]; };
layout (binding = 0) readonly buffer XInFours { STORED4 x4[]; };
layout (binding = 1) readonly buffer W { STORED4 w4[]; }; // [panel of 16 columns][tap][channel, in fours][16]

const uint PANEL = 16;

// "rows" results from row "first" on, of the "columns" of each those in "panels" panels from "first_panel" on, of "channels" channels
// under "taps" taps. Elements are counted within bindings; of x, "x_at" is where line "first_line" begins. A linear layer has one tap and rows of x as they come.
layout (push_constant) uniform Push
{
  uint rows, columns, first_panel, panels, channels, taps;
  uint first, x_at, first_line, added_at, vector_at, result_at;
  uint in_height, in_width, height, width;
  uint kernel_width, stride, pad_top, pad_left;
};

const uint OUTSIDE = 0xffffffffu;

// Where the channels lie that a row sees under a tap.
uint
source (uint row, uint tap)
{
#ifdef CONVOLUTION
  uint r = first + row, line = r / width;
  uint y = line % height * stride + tap / kernel_width - pad_top, x = r % width * stride + tap % kernel_width - pad_left;

  // Below 0 is far above the height, too.
  if (y >= in_height || x >= in_width)
    return OUTSIDE;
  return x_at + ((line / height * in_height + y - first_line) * in_width + x) * channels;
#else
  return x_at + row * channels;
#endif
}

#ifdef DIRECT
#include "common/product-direct.glsl"
#else
#include "common/product-tiled.glsl"
#endif
