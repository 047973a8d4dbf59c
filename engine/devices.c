/* What there is to compute on: the processor, as /proc describes it, and graphics cards; which of them auto takes, and why.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"
#include "engine/vulkan/features.h"

#include <unistd.h>

#define MAX_LINE 16384

/* What decides how fast this engine is; the rest of /proc/cpuinfo would only be noise. */
static const char *const telling[] = { "avx", "avx2", "fma", "f16c",
                                       "avx512f", "avx512bw", "avx512_vnni", "avx_vnni",
                                       "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8",
                                       "amx_tile", "asimd", "asimddp", "bf16",
                                       "i8mm", "sve" };

/* Of a file of /proc: what stands behind the first "name: ". */
static char *
proc_field (const char *text,
            const char *name)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 128); /* the first processor is enough */

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
  g_autofree char *x86 = proc_field (cpuinfo, "flags");
  g_autofree char *arm = x86 == NULL ? proc_field (cpuinfo, "Features") : NULL;
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

guint64
limn_available_memory (void)
{
  g_autofree char *meminfo = NULL, *field = NULL;

  if (!g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL))
    return 0;
  field = proc_field (meminfo, "MemAvailable");
  return field != NULL ? g_ascii_strtoull (field, NULL, 10) * 1024 : 0;
}

static void
device_free (gpointer data)
{
  LimnDeviceInfo *device = data;

  g_free (device->id);
  g_free (device->name);
  g_free (device->kind);
  g_free (device->driver);
  g_free (device->type);
  g_free (device->reason);
  g_strfreev (device->features);
  g_free (device);
}

/**
 * Choice:
 * @instance: (nullable): no driver is installed without it
 * @card: (nullable): what auto takes; the processor without it
 */
typedef struct
{
  const LimnEngine     *engine;
  LimnVulkanInstance   *instance;
  const LimnVulkanInfo *card;
} Choice;

static int
count_cards (const Choice *choice)
{
  GPtrArray *cards = choice->instance != NULL ? limn_vulkan_instance_devices (choice->instance) : NULL;
  int        n = 0;

  for (guint i = 0; cards != NULL && i < cards->len; i++)
    {
      const LimnVulkanInfo *card = cards->pdata[i];

      n += card->kind != LIMN_VULKAN_SOFTWARE && card->refusal == NULL;
    }
  return n;
}

static char *
processor_reason (const Choice *choice)
{
  if (choice->card != NULL)
    return g_strdup_printf ("vulkan:%d is faster", choice->card->index);
  if (choice->instance == NULL)
    return g_strdup ("no Vulkan driver is installed; if there is a graphics card, install its driver");
  if (count_cards (choice) == 0)
    return g_strdup ("there is no graphics card that can be used");
  return g_strdup (choice->engine->reason != NULL ? choice->engine->reason : "the graphics card could not be opened");
}

static char *
card_reason (const Choice         *choice,
             const LimnVulkanInfo *card)
{
  int n = count_cards (choice);

  if (card == choice->card && n == 1)
    return g_strdup ("it is the only graphics card that can be used");
  if (card == choice->card)
    return g_strdup_printf ("it is the fastest of %d graphics cards: by kind, then by memory", n);
  if (card->refusal != NULL)
    return g_strdup (card->refusal);
  if (card->kind == LIMN_VULKAN_SOFTWARE)
    return g_strdup ("it is played by the processor, which is faster without it");
  if (choice->card != NULL)
    return g_strdup_printf ("vulkan:%d is faster", choice->card->index);
  return g_strdup ("it could not be opened");
}

static LimnDeviceInfo *
describe_processor (const Choice *choice)
{
  const LimnEngine *engine = choice->engine;
  LimnDeviceInfo   *cpu = g_new0 (LimnDeviceInfo, 1);
  g_autofree char  *cpuinfo = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &cpuinfo, NULL, NULL))
    cpuinfo = g_strdup ("");
  cpu->id = g_strdup ("cpu");
  cpu->kind = g_strdup ("cpu");
  cpu->name = proc_field (cpuinfo, "model name");
  if (cpu->name == NULL)
    cpu->name = g_strdup ("processor");
  cpu->type = g_strdup (limn_type_name (limn_engine_best_type (engine, NULL)));
  cpu->features = cpu_features (cpuinfo);
  cpu->threads = limn_cpu_threads (engine->cpu);
  cpu->memory = total_memory ();
  cpu->budget = MIN (limn_available_memory (), cpu->memory);
  cpu->chosen = choice->card == NULL;
  cpu->used = engine->vulkan == NULL;
  cpu->reason = processor_reason (choice);
  return cpu;
}

static char *
driver_text (const LimnVulkanInfo *card)
{
  return g_strdup_printf ("%s%sVulkan %u.%u.%u", card->driver, card->driver[0] != '\0' ? ", " : "",
                          VK_API_VERSION_MAJOR (card->api_version), VK_API_VERSION_MINOR (card->api_version),
                          VK_API_VERSION_PATCH (card->api_version));
}

static LimnDeviceInfo *
describe_card (const Choice         *choice,
               const LimnVulkanInfo *card)
{
  const LimnVulkan *vulkan = choice->engine->vulkan;
  LimnDeviceInfo   *device = g_new0 (LimnDeviceInfo, 1);

  device->id = g_strdup_printf ("vulkan:%d", card->index);
  device->kind = g_strdup (limn_vulkan_kind_name (card->kind));
  device->name = g_strdup (card->name);
  device->driver = driver_text (card);
  if (card->refusal == NULL)
    device->type = g_strdup (limn_type_name (limn_engine_best_type (choice->engine, card)));
  device->features = limn_vulkan_feature_names (card);
  device->memory = card->memory;
  device->budget = card->memory_budget ? card->budget : 0;
  device->chosen = card == choice->card;
  device->used = vulkan != NULL && limn_vulkan_info (vulkan)->index == card->index;
  device->reason = card_reason (choice, card);
  return device;
}

/* What auto takes: the engine's own choice where it was left to it, which also tried whether the card works. */
static const LimnVulkanInfo *
chosen_card (const LimnEngine   *engine,
             LimnVulkanInstance *instance)
{
  if (engine->automatic)
    return engine->vulkan != NULL ? limn_vulkan_info (engine->vulkan) : NULL;
  return instance != NULL ? limn_vulkan_instance_choose (instance, LIMN_VULKAN_CARD, NULL) : NULL;
}

GPtrArray *
limn_engine_devices (LimnEngine *engine)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (device_free);
  g_autoptr (LimnVulkanInstance) own = engine->vulkan == NULL ? limn_vulkan_instance_new (NULL) : NULL;
  Choice     choice = { .engine = engine, .instance = engine->vulkan == NULL ? own : engine->vulkan->instance };
  GPtrArray *cards = choice.instance != NULL ? limn_vulkan_instance_devices (choice.instance) : NULL;

  choice.card = chosen_card (engine, choice.instance);
  g_ptr_array_add (devices, describe_processor (&choice));
  for (guint i = 0; cards != NULL && i < cards->len; i++)
    g_ptr_array_add (devices, describe_card (&choice, cards->pdata[i]));
  return devices;
}

char *
limn_engine_device (const LimnEngine *engine)
{
  return engine->vulkan != NULL ? g_strdup_printf ("vulkan:%d", limn_vulkan_info (engine->vulkan)->index) : g_strdup ("cpu");
}
