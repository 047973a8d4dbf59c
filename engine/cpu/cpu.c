/* The CPU backend: threads, and which build of the kernels runs on this processor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/cpu.h"

#include "engine/cpu/onednn.h"
#include "engine/cpu/program.h"

#include <math.h>
#include <omp.h>
#include <sched.h>

struct _LimnCpu
{
  LimnBackend  backend;
  LimnCpuLevel level;
  int          threads;
  LimnDnnl    *dnnl;
  LimnPacks   *packs;
  double       bf16_speed;
};

static const char *const level_names[LIMN_N_CPU_LEVELS] = {
  [LIMN_CPU_BASELINE] = "baseline",
  [LIMN_CPU_AVX2] = "avx2",
  [LIMN_CPU_AVX512] = "avx512",
  [LIMN_CPU_AVX512_BF16] = "avx512_bf16",
};

const char *
limn_cpu_level_name (LimnCpuLevel level)
{
  return level_names[level];
}

#if defined(__x86_64__)
static LimnCpuLevel
processor_level (void)
{
  gboolean avx2, avx512;

  __builtin_cpu_init ();
  avx2 = __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi2");
  avx512 = __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512cd");
  if (!avx2)
    return LIMN_CPU_BASELINE;
  if (!avx512)
    return LIMN_CPU_AVX2;
  return __builtin_cpu_supports ("avx512bf16") && __builtin_cpu_supports ("avx512vnni") ? LIMN_CPU_AVX512_BF16 : LIMN_CPU_AVX512;
}
#else
static LimnCpuLevel
processor_level (void)
{
  return LIMN_CPU_BASELINE;
}
#endif

LimnCpuLevel
limn_cpu_best_level (void)
{
  const char  *asked = g_getenv ("LIMN_CPU");
  LimnCpuLevel best = processor_level ();

  for (int level = 0; asked != NULL && level < (int) best; level++)
    if (g_str_equal (asked, level_names[level]))
      return (LimnCpuLevel) level;
  return best;
}

/* Cores that this process may run on; two threads of one core share its multipliers, so only its first one counts. */
static int
physical_cores (void)
{
  cpu_set_t mask;
  int       cores = 0;

  CPU_ZERO (&mask);
  if (sched_getaffinity (0, sizeof mask, &mask) != 0)
    return (int) g_get_num_processors ();
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    {
      g_autofree char *path = NULL;
      g_autofree char *siblings = NULL;

      if (!CPU_ISSET (cpu, &mask))
        continue;
      path = g_strdup_printf ("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
      if (!g_file_get_contents (path, &siblings, NULL, NULL) || atoi (siblings) == cpu || !CPU_ISSET (atoi (siblings), &mask))
        cores++;
    }
  return MAX (cores, 1);
}

/* AMX multiplies tiles; of the processors that only have AVX512_BF16, AMD's issue as many bf16 as f32 instructions, Intel's half as many
 * (0.65 of our f32 tiles, measured on a Xeon of family 6, model 207). */
static double
find_bf16_speed (LimnCpuLevel level)
{
  const char *asked = g_getenv ("LIMN_PRODUCTS");

  if (level < LIMN_CPU_AVX512_BF16 || g_strcmp0 (asked, "tiles") == 0)
    return 0;
  if (g_strcmp0 (asked, "onednn") == 0)
    return INFINITY;
  if (dnnl_get_effective_cpu_isa () == dnnl_cpu_isa_avx512_core_amx)
    return 8;
#if defined(__x86_64__)
  return __builtin_cpu_is ("amd") ? 2 : 0.65;
#else
  return 0;
#endif
}

LimnCpu *
limn_cpu_new (int threads)
{
  LimnCpu *cpu = g_new0 (LimnCpu, 1);

  cpu->backend.class = &limn_cpu_class;
  cpu->level = limn_cpu_best_level ();
  cpu->threads = threads > 0 ? threads : physical_cores ();
  /* oneDNN takes its thread count from the OpenMP runtime. */
  omp_set_num_threads (cpu->threads);
  cpu->dnnl = limn_dnnl_new ();
  cpu->packs = limn_packs_new ();
  cpu->bf16_speed = find_bf16_speed (cpu->level);
  return cpu;
}

void
limn_cpu_free (LimnCpu *cpu)
{
  if (cpu == NULL)
    return;
  limn_packs_free (cpu->packs);
  limn_dnnl_free (cpu->dnnl);
  g_free (cpu);
}

LimnBackend *
limn_cpu_backend (LimnCpu *cpu)
{
  return &cpu->backend;
}

LimnCpuLevel
limn_cpu_level (const LimnCpu *cpu)
{
  return cpu->level;
}

int
limn_cpu_threads (const LimnCpu *cpu)
{
  return cpu->threads;
}

LimnDnnl *
limn_cpu_dnnl (LimnCpu *cpu)
{
  return cpu->dnnl;
}

LimnPacks *
limn_cpu_packs (LimnCpu *cpu)
{
  return cpu->packs;
}

double
limn_cpu_bf16_speed (LimnCpu *cpu)
{
  return cpu->bf16_speed;
}
