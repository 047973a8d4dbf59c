/* How the engine is to compute, and what is tried when that went wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-plan.h"

#include <string.h>

void
limn_engine_plan_copy (LimnEnginePlan       *plan,
                       const LimnEnginePlan *from)
{
  *plan = (LimnEnginePlan){ g_strdup (from->device), g_strdup (from->type), g_strdup (from->memory), from->threads };
}

void
limn_engine_plan_clear (LimnEnginePlan *plan)
{
  g_clear_pointer (&plan->device, g_free);
  g_clear_pointer (&plan->type, g_free);
  g_clear_pointer (&plan->memory, g_free);
}

/* As the engine reads it: with K, M, G, T behind, thousands. Returns: 0 if it cannot be read */
static double
parse_memory (const char *text)
{
  static const char units[] = "KMGT";
  char             *end = NULL;
  double            bytes = g_ascii_strtod (text, &end);
  const char       *unit = *end != '\0' ? strchr (units, g_ascii_toupper (*end)) : NULL;

  for (const char *u = units; unit != NULL && u <= unit; u++)
    bytes *= 1000;
  return bytes > 0 ? bytes : 0;
}

/* What can be had without swapping, in bytes; 0 where the system does not tell. */
static double
free_memory (void)
{
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return 0;
  line = strstr (text, "MemAvailable:");
  return line != NULL ? g_ascii_strtod (line + strlen ("MemAvailable:"), NULL) * 1024 : 0;
}

static double
memory_of (const LimnEnginePlan *plan,
           gboolean              remote)
{
  const char *said = plan->memory != NULL || remote ? plan->memory : g_getenv ("LIMN_MEMORY");

  if (said != NULL)
    return parse_memory (said);
  return remote ? 0 : free_memory ();
}

static const char *
device_of (const LimnEnginePlan *plan)
{
  const char *said = plan->device != NULL ? plan->device : g_getenv ("LIMN_DEVICE");

  return said != NULL && *said != '\0' ? said : "auto";
}

char *
limn_engine_plan_shrink (LimnEnginePlan *plan,
                         const char     *used,
                         gboolean        remote)
{
  double memory = memory_of (plan, remote);

  if (g_str_equal (device_of (plan), "auto") && used != NULL && !g_str_equal (used, "cpu"))
    {
      g_free (plan->device);
      plan->device = g_strdup ("cpu");
      return g_strdup ("on the processor");
    }
  if (memory == 0)
    return g_strdup ("as before");

  g_free (plan->memory);
  plan->memory = g_strdup_printf ("%.0fM", MAX (memory / 2e6, 1));
  return g_strdup_printf ("with %s of memory", plan->memory);
}

static void
add_text (GVariantBuilder *builder,
          const char      *key,
          const char      *text)
{
  if (text != NULL)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (text));
}

static void
add_parts (GVariantBuilder *builder,
           const GPtrArray *parts)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  if (parts == NULL || parts->len == 0)
    return;
  for (guint i = 0; i < parts->len; i++)
    g_variant_builder_add (&list, "{ss}", ((LimnRequestPart *) parts->pdata[i])->name, ((LimnRequestPart *) parts->pdata[i])->file);
  g_variant_builder_add (builder, "{sv}", "parts", g_variant_builder_end (&list));
}

GVariant *
limn_engine_plan_options (const LimnEnginePlan *plan,
                          const LimnRequest    *request)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_text (&builder, "device", plan->device);
  add_text (&builder, "type", request->type != NULL ? request->type : plan->type);
  add_text (&builder, "memory", plan->memory);
  if (plan->threads > 0)
    g_variant_builder_add (&builder, "{sv}", "threads", g_variant_new_int32 (plan->threads));
  add_parts (&builder, request->parts);
  return g_variant_builder_end (&builder);
}
