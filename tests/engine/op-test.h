/* What the operations' tests share: random inputs, runs at every level, comparison with a naive loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/plan.h"
#include "engine/cpu/cpu.h"
#include "engine/ops/ops.h"

typedef struct _OpTest OpTest;

typedef enum
{
  OP_TEST_GRAPH_TYPE, /* f32 in one run, bf16 or f16 in the next */
  OP_TEST_F32,        /* f32 in all */
  OP_TEST_I32
} OpTestKind;

typedef enum
{
  OP_TEST_EVERYWHERE,
  OP_TEST_CPU,
  OP_TEST_VULKAN
} OpTestPlace;

/**
 * OpTestInput:
 * @shape: ends the list of inputs if its n is 0
 * @mean, @spread: values lie evenly in @mean ± @spread; integers are drawn so too, both ends included
 */
typedef struct
{
  LimnShape  shape;
  OpTestKind kind;
  double     mean, spread;
} OpTestInput;

/**
 * OpTest:
 * @build: records what is tested
 * @element: (nullable): what the result has at one place; @inputs are as the operation sees them, rounded to their type
 * @expect: (nullable): instead of @element: the whole result
 * @data: for them
 * @limit, @limit_bf16: the largest NMSE; 1e-10 and 1.6e-5 if 0 (rounding one number to bf16 makes up to 1.5e-5)
 * @small_binding: (nullable): bytes of a graphics card's largest binding in a second run there, where the work has to be cut: for what
 *   needs more than is usual
 * @only: where it is run, if not everywhere
 */
struct _OpTest
{
  OpTestInput inputs[LIMN_MAX_INPUTS];
  LimnTensor *(*build) (LimnGraph         *graph,
                        LimnTensor *const *inputs,
                        const OpTest      *test);
  double (*element) (const OpTest     *test,
                     LimnArray *const *inputs,
                     int               n,
                     int               y,
                     int               x,
                     int               c);
  void (*expect) (const OpTest     *test,
                  LimnArray *const *inputs,
                  LimnShape         shape,
                  double           *want);
  const void *data;
  double      limit, limit_bf16;
  const char *small_binding;
  OpTestPlace only;
};

/**
 * op_test_check:
 *
 * Runs at every level that this processor has, in f32 and bf16, and on a graphics card (or Mesa's software one), in f32 and f16, with the first input's memory free to be written over and not, twice
 * each; compares all with the naive loop.
 */
void op_test_check (const OpTest *test);

/**
 * op_test_refuses:
 * @message: part of the message that LIMN_ENGINE_ERROR_SHAPE has
 */
void op_test_refuses (const OpTest *test,
                      const char   *message);

/* NMSE: sum of (got - want)² over that of want²; of got² where want is all 0. */
double op_test_nmse (const float  *got,
                     const double *want,
                     gsize         n);

/* A learnt tensor in memory; its values are exact in bf16, so that a kernel's rounding of weights is no error. */
typedef struct
{
  LimnWeight weight;
  float     *values;
} OpTestWeight;

OpTestWeight *op_test_weight_new (int           n_dims,
                                  const gint64 *dims,
                                  double        mean,
                                  double        spread);
void          op_test_weight_free (OpTestWeight *weight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpTestWeight, op_test_weight_free)

/* Shorter ways to the same. */
OpTestWeight *op_test_vector (gint64 n,
                              double mean);
OpTestWeight *op_test_matrix (gint64 rows,
                              gint64 columns);

/* The number at a place; where @array has 1 in n, y or x, that of all places (broadcast). */
static inline double
op_test_at (const LimnArray *array,
            int              n,
            int              y,
            int              x,
            int              c)
{
  LimnShape s = array->shape;
  gsize     row = ((gsize) (s.n == 1 ? 0 : n) * (gsize) s.h + (gsize) (s.h == 1 ? 0 : y)) * (gsize) s.w + (gsize) (s.w == 1 ? 0 : x);

  return (double) array->data[row * (gsize) s.c + (gsize) c];
}
