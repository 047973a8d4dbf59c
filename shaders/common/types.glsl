// Types of elements in memory; arithmetic is f32 everywhere. F16 is defined for shaders built for half floats.
// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef F16
#extension GL_EXT_shader_16bit_storage : require
#define STORED float16_t
#define STORED4 f16vec4
#else
#define STORED float
#define STORED4 vec4
#endif
