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

static gboolean
check_device (const char *device,
              GError    **error)
{
  if (g_str_equal (device, "auto") || g_str_equal (device, "cpu"))
    return TRUE;
  return limn_argument_error (
      error, "device \"%s\": there is only the processor in this version; use auto or cpu",
      device);
}

static gboolean
choose_type (const char    *name,
             const LimnCpu *cpu,
             LimnType      *type,
             GError       **error)
{
  if (g_str_equal (name, "auto"))
    *type = limn_cpu_level (cpu) >= LIMN_CPU_AVX512_BF16 ? LIMN_BF16 : LIMN_F32;
  else if (g_str_equal (name, "f32"))
    *type = LIMN_F32;
  else if (g_str_equal (name, "bf16"))
    *type = LIMN_BF16;
  else
    return limn_argument_error (error, "type \"%s\": it is one of auto, f32, bf16", name);
  return TRUE;
}

LimnEngine *
limn_engine_new (const LimnEngineOptions *options,
                 GError                 **error)
{
  static const LimnEngineOptions defaults = { 0 };
  g_autoptr (LimnEngine) engine = g_new0 (LimnEngine, 1);

  if (options == NULL)
    options = &defaults;
  if (!check_device (option (options->device, "LIMN_DEVICE"), error))
    return NULL;
  if (options->threads < 0 || options->threads > 1024)
    return limn_argument_error (error,
                                "%d threads: 0 takes one a processor core, else 1 to 1024",
                                options->threads),
           NULL;

  engine->cpu = limn_cpu_new (options->threads);
  return choose_type (option (options->type, "LIMN_TYPE"), engine->cpu, &engine->type, error)
             ? g_steal_pointer (&engine)
             : NULL;
}

void
limn_engine_free (LimnEngine *engine)
{
  if (engine == NULL)
    return;
  g_clear_pointer (&engine->cpu, limn_cpu_free);
  g_free (engine);
}
