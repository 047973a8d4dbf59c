// Sinusoids of a time: cosines, then sines, of scale · t · frequency
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define OPERANDS 2
#include "common/rows.glsl"

layout (binding = 0) readonly buffer Time { float time[]; };
layout (binding = 1) readonly buffer Frequencies { float frequencies[]; };
layout (binding = 2) writeonly buffer Y { float y[]; };

// cos (x + shift · π/2). Drivers' sines may be off by 2⁻¹¹; here π/2 is taken away in three parts whose products with up to 10 bits
// are exact, and the polynomials for ±π/4 are those of the Cephes library (S. Moshier).
float
cosine (float x, uint shift)
{
  precise float q = round (x * 0.63661977236758134), r, z, even, odd;
  uint          quadrant;

  r = x - q * 1.5703125;
  r = r - q * 4.837512969970703125e-4;
  r = r - q * 7.54978995489188216e-8;
  z = r * r;
  even = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (-1.388731625493765e-3 + z * 2.443315711809948e-5));
  odd = r + r * z * (-1.6666654611e-1 + z * (8.3321608736e-3 + z * -1.9515295891e-4));
  quadrant = (uint (int (q)) + shift) & 3u;
  return (quadrant & 1u) == 0u ? (quadrant == 0u ? even : -even) : (quadrant == 1u ? -odd : odd);
}

float
compute (uint row, uint channel)
{
  uint          half_ = channels / 2;
  precise float angle;

  if (channel >= 2 * half_)
    return 0.0;
  angle = time[places[0]] * frequencies[operands[1].at + channel % half_];
  angle = argument (0) * angle;
  return cosine (angle, channel < half_ ? 0u : 3u);
}

MAIN (y)
