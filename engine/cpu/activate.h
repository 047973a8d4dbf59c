/* Activation functions over rows of floats, by themselves and as the end of other kernels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/graph.h"
#include "engine/cpu/vector.h"

G_BEGIN_DECLS

/* In place: an activation follows something that has just written the row. */
typedef void (*LimnActivate) (float *x,
                              gsize  n);

static inline void
limn_activate_silu (float *x,
                    gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = x[i] / limn_logistic_denominator (x[i]);
}

static inline void
limn_activate_gelu (float *x,
                    gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = x[i] * limn_normal_cdf (x[i]);
}

/* x (1 + tanh (u)) / 2 = x · sigmoid (2u), u = √(2/π) (x + 0.044715 x³) */
static inline void
limn_activate_gelu_tanh (float *x,
                         gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = x[i] / limn_logistic_denominator (x[i] * (1.59576912f + 0.0713548163f * x[i] * x[i]));
}

static inline void
limn_activate_quick_gelu (float *x,
                          gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = x[i] / limn_logistic_denominator (1.702f * x[i]);
}

static inline void
limn_activate_relu (float *x,
                    gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = x[i] < 0 ? 0 : x[i];
}

static inline void
limn_activate_tanh (float *x,
                    gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = limn_tanh (x[i]);
}

static inline void
limn_activate_leaky_relu (float *x,
                          gsize  n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    x[i] = x[i] < 0 ? 0.2f * x[i] : x[i];
}

static const LimnActivate limn_activations[LIMN_N_ACTIVATIONS] = {
  [LIMN_ACTIVATION_SILU] = limn_activate_silu,
  [LIMN_ACTIVATION_GELU] = limn_activate_gelu,
  [LIMN_ACTIVATION_GELU_TANH] = limn_activate_gelu_tanh,
  [LIMN_ACTIVATION_QUICK_GELU] = limn_activate_quick_gelu,
  [LIMN_ACTIVATION_RELU] = limn_activate_relu,
  [LIMN_ACTIVATION_TANH] = limn_activate_tanh,
  [LIMN_ACTIVATION_LEAKY_RELU] = limn_activate_leaky_relu,
};

/* Applies the activations that were fused into @node to @n results, in their order. */
static inline void
limn_activate_epilogues (const LimnNode *node,
                         float          *y,
                         gsize           n)
{
  for (int i = 0; i < node->n_epilogues; i++)
    if (node->epilogues[i].kind == LIMN_EPILOGUE_ACTIVATION)
      limn_activations[node->epilogues[i].activation](y, n);
}

G_END_DECLS
