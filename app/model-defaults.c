/* What a model takes where nothing is asked for, found out without loading it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/model-defaults.h"

#include "app/model-place.h"
#include "engine/engine.h"

void
limn_model_defaults_free (LimnModelDefaults *defaults)
{
  g_free (defaults->family);
  g_free (defaults->label);
  g_free (defaults->sampler);
  g_free (defaults->schedule);
  g_free (defaults);
}

LimnModelDefaults *
limn_model_defaults_read (const char *name,
                          GError    **error)
{
  const LimnEngineOptions options = { .device = "cpu", .type = "f32", .threads = 1 };
  g_autofree char        *path = limn_model_place_find (name, error);
  g_autoptr (LimnEngine) engine = path != NULL ? limn_engine_new (&options, error) : NULL;
  g_autoptr (LimnModel) model = engine != NULL ? limn_model_open (engine, path, NULL, error) : NULL;
  const LimnModelInfo *info = model != NULL ? limn_model_info (model) : NULL;
  LimnModelDefaults   *defaults;

  if (info == NULL)
    return NULL;

  defaults = g_new0 (LimnModelDefaults, 1);
  defaults->family = g_strdup (info->family);
  defaults->label = g_strdup (info->label);
  defaults->width = info->width;
  defaults->height = info->height;
  defaults->size_step = MAX (info->size_step, 1);
  defaults->max_size = info->max_size;
  defaults->native = info->native;
  defaults->steps = info->steps;
  defaults->guidance = info->guidance;
  defaults->sampler = g_strdup (info->sampler);
  defaults->schedule = g_strdup (info->schedule);
  return defaults;
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      name,
             GCancellable *cancellable)
{
  GError            *error = NULL;
  LimnModelDefaults *defaults = limn_model_defaults_read (name, &error);

  if (defaults != NULL)
    g_task_return_pointer (task, defaults, (GDestroyNotify) limn_model_defaults_free);
  else
    g_task_return_error (task, error);
}

void
limn_model_defaults_read_async (const char         *model,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, g_strdup (model), g_free);
  g_task_run_in_thread (task, read_thread);
}

LimnModelDefaults *
limn_model_defaults_read_finish (GAsyncResult *result,
                                 GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
