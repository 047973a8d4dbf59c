/* The CPU backend: what its kernels are given, and which build of them runs here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/backend.h"

G_BEGIN_DECLS

/* The loops are compiled once for each of these, from the same source (engine/cpu/meson.build), and one is chosen at run time. */
typedef enum
{
  LIMN_CPU_BASELINE,
  LIMN_CPU_AVX2,        /* x86-64-v3 */
  LIMN_CPU_AVX512,      /* x86-64-v4 */
  LIMN_CPU_AVX512_BF16, /* x86-64-v4, AVX512_BF16 and AVX512_VNNI */
  LIMN_N_CPU_LEVELS
} LimnCpuLevel;

typedef struct _LimnCpu  LimnCpu;
typedef struct _LimnPack LimnPack;

/**
 * LimnCpuTask:
 * @node: what to compute
 * @cpu: the backend
 * @inputs: addresses of the node's inputs, channels-last without gaps, aligned to 64 bytes; set before run()
 * @output: address of its output; may be that of an input if the kernel says so by @in_place
 * @scratch: @scratch_size bytes for the time of run(), aligned to 64 bytes
 * @scratch_size: set by prepare()
 * @pack: (nullable): of its first weight, if the kernel packs it
 * @pack_offset: in @scratch, where that is made if it is streamed
 * @state: the kernel's own, made by prepare(), freed by clear()
 *
 * A node made ready: everything that can be decided or converted before the first run has been.
 */
typedef struct
{
  const LimnNode *node;
  LimnCpu        *cpu;
  const void     *inputs[LIMN_MAX_INPUTS];
  void           *output;
  void           *scratch;
  gsize           scratch_size;
  LimnPack       *pack;
  gsize           pack_offset;
  gpointer        state;
} LimnCpuTask;

/**
 * LimnCpuKernel:
 * @prepare: (nullable): converts weights, chooses; no addresses of activations are known yet
 * @run: computes; allocates nothing. %FALSE: a library below failed
 * @clear: (nullable): frees @state
 * @in_place: the output may be the memory of the first input (same size)
 */
typedef struct _LimnCpuKernel
{
  gboolean (*prepare) (LimnCpuTask *task,
                       GError     **error);
  gboolean (*run) (LimnCpuTask *task);
  void (*clear) (LimnCpuTask *task);
  gboolean in_place;
} LimnCpuKernel;

/* A kernel's constant is named LIMN_CPU_KERNEL (name) in its file; LIMN_CPU_KERNELS (name) is the table of its builds. */
#define LIMN_CPU_PASTE_(a, b) a##_##b
#define LIMN_CPU_PASTE(a, b) LIMN_CPU_PASTE_ (a, b)
#ifdef LIMN_CPU_BUILD
#define LIMN_CPU_KERNEL(name) LIMN_CPU_PASTE (limn_cpu_##name, LIMN_CPU_BUILD)
#endif

#define LIMN_CPU_DECLARE(name)                           \
  extern const LimnCpuKernel limn_cpu_##name##_baseline; \
  extern const LimnCpuKernel limn_cpu_##name##_avx2;     \
  extern const LimnCpuKernel limn_cpu_##name##_avx512;   \
  extern const LimnCpuKernel limn_cpu_##name##_avx512_bf16

#if defined(__x86_64__)
#define LIMN_CPU_KERNELS(name)                               \
  (const LimnCpuKernel *const[])                             \
  {                                                          \
    [LIMN_CPU_BASELINE] = &limn_cpu_##name##_baseline,       \
    [LIMN_CPU_AVX2] = &limn_cpu_##name##_avx2,               \
    [LIMN_CPU_AVX512] = &limn_cpu_##name##_avx512,           \
    [LIMN_CPU_AVX512_BF16] = &limn_cpu_##name##_avx512_bf16, \
  }
#else
#define LIMN_CPU_KERNELS(name) \
  (const LimnCpuKernel *const[]) { &limn_cpu_##name##_baseline }
#endif

LIMN_CPU_DECLARE (activation);
LIMN_CPU_DECLARE (add);
LIMN_CPU_DECLARE (affine);
LIMN_CPU_DECLARE (attention);
LIMN_CPU_DECLARE (cast);
LIMN_CPU_DECLARE (concat);
LIMN_CPU_DECLARE (constant);
LIMN_CPU_DECLARE (conv);
LIMN_CPU_DECLARE (embedding);
LIMN_CPU_DECLARE (geglu);
LIMN_CPU_DECLARE (group_norm);
LIMN_CPU_DECLARE (layer_norm);
LIMN_CPU_DECLARE (linear);
LIMN_CPU_DECLARE (modulate);
LIMN_CPU_DECLARE (multiply);
LIMN_CPU_DECLARE (patchify);
LIMN_CPU_DECLARE (prelu);
LIMN_CPU_DECLARE (resize);
LIMN_CPU_DECLARE (rms_norm);
LIMN_CPU_DECLARE (slice);
LIMN_CPU_DECLARE (timestep);
LIMN_CPU_DECLARE (token_mean);
LIMN_CPU_DECLARE (unpatchify);

/**
 * limn_cpu_new:
 * @threads: how many to use; 0: one a physical core
 *
 * Returns: (transfer full): a backend for plans that run one at a time
 */
LimnCpu     *limn_cpu_new (int threads);
void         limn_cpu_free (LimnCpu *cpu);
LimnBackend *limn_cpu_backend (LimnCpu *cpu);
LimnCpuLevel limn_cpu_level (const LimnCpu *cpu);
int          limn_cpu_threads (const LimnCpu *cpu);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnCpu, limn_cpu_free)

/**
 * limn_cpu_best_level:
 *
 * Returns: the widest build that this processor and its operating system can run; LIMN_CPU in the environment
 * (baseline, avx2, avx512) lowers it, for tests
 */
LimnCpuLevel limn_cpu_best_level (void);
const char  *limn_cpu_level_name (LimnCpuLevel level);

G_END_DECLS
