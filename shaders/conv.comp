// Convolution, as an implicit matrix product over the places under the kernel
// SPDX-License-Identifier: GPL-3.0-or-later
#version 450
#extension GL_GOOGLE_include_directive : require
#define CONVOLUTION
#include "common/product.glsl"
