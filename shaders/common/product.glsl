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

// Where a row looks: the first place under the kernel, which may lie outside, and where its sample's lines begin.
struct Place
{
  uint y, x, lines;
};

#ifdef CONVOLUTION
Place
place_of (uint row)
{
  uint r = first + row, line = r / width;

  return Place (line % height * stride - pad_top, r % width * stride - pad_left, line / height * in_height);
}

// Below 0 is far above the height, too.
bool
is_inside (Place place, uint tap)
{
  return place.y + tap / kernel_width < in_height && place.x + tap % kernel_width < in_width;
}

// Where the channels lie that are seen under a tap.
uint
source (Place place, uint tap)
{
  uint y = place.y + tap / kernel_width, x = place.x + tap % kernel_width;

  return x_at + ((place.lines + y - first_line) * in_width + x) * channels;
}
#else
Place
place_of (uint row)
{
  return Place (0, row, 0);
}

bool
is_inside (Place place, uint tap)
{
  return true;
}

uint
source (Place place, uint tap)
{
  return x_at + place.x * channels;
}
#endif

#ifdef DIRECT
#include "common/product-direct.glsl"
#else
#include "common/product-tiled.glsl"
#endif
