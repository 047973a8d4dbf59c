/* What there is to compute on: the processor, as /proc describes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

#include <unistd.h>

#define MAX_LINE 16384

/* What decides how fast this engine is; the rest of /proc/cpuinfo would only be noise. */
static const char *const telling[] = { "avx", "avx2", "fma", "f16c",
                                       "avx512f", "avx512bw", "avx512_vnni", "avx_vnni",
                                       "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8",
                                       "amx_tile", "asimd", "asimddp", "bf16",
                                       "i8mm", "sve" };

static char *
cpu_field (const char *cpuinfo,
           const char *name)
{
  g_auto (GStrv) lines = g_strsplit (cpuinfo, "\n", 128); /* the first processor is enough */

  for (int i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon != NULL && g_str_has_prefix (lines[i], name) && strlen (lines[i]) < MAX_LINE)
        return g_strstrip (g_strdup (colon + 1));
    }
  return NULL;
}

static char **
cpu_features (const char *cpuinfo)
{
  g_autofree char *x86 = cpu_field (cpuinfo, "flags");
  g_autofree char *arm = x86 == NULL ? cpu_field (cpuinfo, "Features") : NULL;
  g_auto (GStrv) all = g_strsplit (x86 != NULL ? x86 : arm != NULL ? arm
                                                                   : "",
                                   " ",
                                   -1);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (telling); i++)
    if (g_strv_contains ((const char *const *) all, telling[i]))
      g_strv_builder_add (found, telling[i]);
  return g_strv_builder_end (found);
}

static guint64
total_memory (void)
{
  long pages = sysconf (_SC_PHYS_PAGES), size = sysconf (_SC_PAGESIZE);

  return pages > 0 && size > 0 ? (guint64) pages * size : 0;
}

static void
device_free (gpointer data)
{
  LimnDeviceInfo *device = data;

  g_free (device->id);
  g_free (device->name);
  g_free (device->kind);
  g_free (device->type);
  g_strfreev (device->features);
  g_free (device);
}

GPtrArray *
limn_engine_devices (LimnEngine *engine)
{
  GPtrArray       *devices = g_ptr_array_new_with_free_func (device_free);
  LimnDeviceInfo  *cpu = g_new0 (LimnDeviceInfo, 1);
  g_autofree char *cpuinfo = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &cpuinfo, NULL, NULL))
    cpuinfo = g_strdup ("");
  cpu->id = g_strdup ("cpu");
  cpu->kind = g_strdup ("cpu");
  cpu->name = cpu_field (cpuinfo, "model name");
  if (cpu->name == NULL)
    cpu->name = g_strdup ("processor");
  cpu->type = g_strdup (limn_cpu_level (engine->cpu) >= LIMN_CPU_AVX512_BF16 ? "bf16" : "f32");
  cpu->features = cpu_features (cpuinfo);
  cpu->threads = limn_cpu_threads (engine->cpu);
  cpu->memory = total_memory ();
  cpu->chosen = TRUE;
  g_ptr_array_add (devices, cpu);
  return devices;
}
