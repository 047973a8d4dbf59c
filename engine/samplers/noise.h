/* Random noise that equals PyTorch's for the same seed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnNoiseKind:
 * @LIMN_NOISE_CPU: torch.Generator("cpu"): mt19937 and Box-Muller
 * @LIMN_NOISE_CUDA: torch.Generator("cuda"): Philox and Box-Muller; one normal a thread, as long as a draw has fewer numbers than the
 *   card's grid has threads
 */
typedef enum
{
  LIMN_NOISE_CPU,
  LIMN_NOISE_CUDA
} LimnNoiseKind;

/* A stream of random numbers. Belongs to one thread at a time. */
typedef struct _LimnNoise LimnNoise;

/**
 * limn_noise_new:
 * @seed: as torch.manual_seed() takes it; the CPU's generator reads only its lower 32 bits
 *
 * Returns: (transfer full): the start of the stream
 */
LimnNoise *limn_noise_new (LimnNoiseKind kind,
                           guint64       seed);
void       limn_noise_free (LimnNoise *noise);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnNoise, limn_noise_free)

/**
 * limn_noise_normal:
 * @values: (out caller-allocates) (array length=n): N(0, 1)
 *
 * torch.randn (@n, dtype=float32). How numbers come from the stream depends on @n: one draw of 20 is not two of 10.
 */
void limn_noise_normal (LimnNoise *noise,
                        float     *values,
                        gsize      n);

/* torch.randn (@n, dtype=float64); of the CPU's stream only. */
void limn_noise_normal_double (LimnNoise *noise,
                               double    *values,
                               gsize      n);

/* torch.randn (@n, dtype=float16), as floats. */
void limn_noise_normal_half (LimnNoise *noise,
                             float     *values,
                             gsize      n);

/* torch.rand (@n, dtype=float32): 0 ≤ value < 1; of the CPU's stream only. */
void limn_noise_uniform (LimnNoise *noise,
                         float     *values,
                         gsize      n);

G_END_DECLS
