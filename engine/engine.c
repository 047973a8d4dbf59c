/* The engine: the device it computes on, and in which type.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

gboolean
limn_argument_error (GError    **error,
                     const char *format,
                     ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT, message);
  return FALSE;
}

/* What was asked for, by the caller or else by the environment. */
static const char *
option (const char *asked,
        const char *variable)
{
  const char *value = asked != NULL ? asked : g_getenv (variable);

  return value != NULL && value[0] != '\0' ? value : "auto";
}

/* "vulkan:N" → N; "vulkan" → the fastest; -1 below that: no such name. */
static gboolean
parse_device (const char *device,
              int        *index)
{
  guint64 n = 0;

  *index = LIMN_VULKAN_FASTEST;
  if (g_str_equal (device, "vulkan"))
    return TRUE;
  if (!g_str_has_prefix (device, "vulkan:") || !g_ascii_string_to_unsigned (device + strlen ("vulkan:"), 10, 0, 255, &n, NULL))
    return FALSE;
  *index = (int) n;
  return TRUE;
}

/* "auto" takes a graphics card if there is one that works, and tells why not otherwise. */
static gboolean
choose_device (LimnEngine *engine,
               const char *device,
               GError    **error)
{
  g_autoptr (GError) why = NULL;
  int index = LIMN_VULKAN_CARD;

  engine->automatic = g_str_equal (device, "auto");
  engine->backend = limn_cpu_backend (engine->cpu);
  if (g_str_equal (device, "cpu"))
    return TRUE;
  if (!engine->automatic && !parse_device (device, &index))
    return limn_argument_error (error, "device \"%s\": it is one of auto, cpu, vulkan, vulkan:N; “limn devices” lists them", device);

  engine->vulkan = limn_vulkan_new (index, &why);
  if (engine->vulkan != NULL)
    {
      engine->backend = limn_vulkan_backend (engine->vulkan);
      return TRUE;
    }
  if (engine->automatic)
    engine->reason = g_strdup (why->message);
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return engine->automatic;
}

LimnType
limn_engine_best_type (const LimnEngine     *engine,
                       const LimnVulkanInfo *card)
{
  if (card == NULL)
    return limn_cpu_level (engine->cpu) >= LIMN_CPU_AVX512_BF16 ? LIMN_BF16 : LIMN_F32;
  return card->f16_storage && card->kind != LIMN_VULKAN_SOFTWARE ? LIMN_F16 : LIMN_F32;
}

static gboolean
choose_type (LimnEngine *engine,
             const char *name,
             GError    **error)
{
  gboolean card = engine->vulkan != NULL;

  engine->automatic_type = g_str_equal (name, "auto");
  if (engine->automatic_type)
    engine->type = limn_engine_best_type (engine, card ? limn_vulkan_info (engine->vulkan) : NULL);
  else if (g_str_equal (name, "f32"))
    engine->type = LIMN_F32;
  else if (g_str_equal (name, "bf16") && !card)
    engine->type = LIMN_BF16;
  else if (g_str_equal (name, "int8") && !card)
    {
      engine->type = limn_engine_best_type (engine, NULL);
      engine->quantised = TRUE;
    }
  else if (g_str_equal (name, "f16") && card && limn_vulkan_info (engine->vulkan)->f16_storage)
    engine->type = LIMN_F16;
  else
    return limn_argument_error (error, "type \"%s\": on %s it is one of auto, f32, %s", name,
                                card ? "this graphics card" : "the processor", card ? "f16 (if the card has it)" : "bf16, int8");
  return TRUE;
}

static gboolean
choose_memory (LimnEngine *engine,
               const char *asked,
               GError    **error)
{
  const char *text = option (asked, "LIMN_MEMORY");

  return g_str_equal (text, "auto") || limn_parse_memory (text, &engine->memory, error);
}

LimnEngine *
limn_engine_new (const LimnEngineOptions *options,
                 GError                 **error)
{
  static const LimnEngineOptions defaults = { 0 };
  g_autoptr (LimnEngine) engine = g_new0 (LimnEngine, 1);

  if (options == NULL)
    options = &defaults;
  if (options->threads < 0 || options->threads > 1024)
    return limn_argument_error (error,
                                "%d threads: 0 takes one a processor core, else 1 to 1024",
                                options->threads),
           NULL;

  engine->cpu = limn_cpu_new (options->threads);
  if (!choose_device (engine, option (options->device, "LIMN_DEVICE"), error)
      || !choose_type (engine, option (options->type, "LIMN_TYPE"), error)
      || !choose_memory (engine, options->memory, error))
    return NULL;
  return g_steal_pointer (&engine);
}

void
limn_engine_free (LimnEngine *engine)
{
  if (engine == NULL)
    return;
  g_clear_pointer (&engine->vulkan, limn_vulkan_free);
  g_clear_pointer (&engine->cpu, limn_cpu_free);
  g_free (engine->reason);
  g_free (engine);
}

gboolean
limn_engine_recover (const LimnEngine *engine,
                     LimnBackend     **backend,
                     LimnType         *type,
                     GError          **error)
{
  LimnBackend *processor = limn_cpu_backend (engine->cpu);

  if (error == NULL || *error == NULL || (*error)->domain != LIMN_ENGINE_ERROR)
    return FALSE;
  if ((*error)->code == LIMN_ENGINE_ERROR_RESULT && engine->automatic_type && *type != LIMN_F32)
    g_warning ("%s; trying again in f32", (*error)->message);
  else if (((*error)->code == LIMN_ENGINE_ERROR_DEVICE || (*error)->code == LIMN_ENGINE_ERROR_MEMORY)
           && engine->automatic && *backend != processor)
    {
      g_warning ("%s; going on with the processor", (*error)->message);
      *backend = processor;
    }
  else
    return FALSE;
  *type = LIMN_F32;
  g_clear_error (error);
  return TRUE;
}
