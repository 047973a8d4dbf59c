/* What the tests of adapters share: tensors of random numbers, as a safetensors file in memory or in a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

/* A tensor to be; @n_dims dimensions, slowest first. */
typedef struct
{
  const char *name;
  int         n_dims;
  int         dims[4];
} TestTensor;

/* (transfer full): a file of f32 tensors, whose numbers depend on their place in the file alone */
GBytes *tensors_test_file (const TestTensor *tensors,
                           gsize             n);

/* (transfer full) */
LimnWeights *tensors_test_weights (const TestTensor *tensors,
                                   gsize             n);

/* Puts @values in place of the numbers of the tensor @name of a file that tensors_test_file() made. */
GBytes *tensors_test_with (GBytes      *file,
                           const char  *name,
                           const float *values,
                           gsize        n);

/* (transfer full): all numbers of a weight that must be there */
float *tensors_test_floats (const LimnWeights *weights,
                            const char        *name);
