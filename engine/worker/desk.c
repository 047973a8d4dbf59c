/* The thread that computes: the engine, the model on it, and one thing to do after the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/desk.h"

#include <malloc.h>

typedef struct
{
  LimnDeskFunc func;
  gpointer     data;
} Task;

struct _LimnDesk
{
  GThread     *thread;
  GAsyncQueue *tasks;
  LimnEngine  *engine; /* nullable */
  LimnModel   *model;  /* nullable */
  char        *engine_key, *model_key;
  GHashTable  *controls;      /* path → LimnModel */
  int          width, height; /* of the picture whose steps were measured */
  double       step_seconds;  /* 0: none was, with this model */
};

static gpointer
work (gpointer data)
{
  LimnDesk *desk = data;

  for (;;)
    {
      g_autofree Task *task = g_async_queue_pop (desk->tasks);

      if (task->func == NULL)
        return NULL;
      task->func (desk, task->data);
    }
}

LimnDesk *
limn_desk_new (void)
{
  LimnDesk *desk = g_new0 (LimnDesk, 1);

  desk->tasks = g_async_queue_new ();
  desk->controls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_model_free);
  desk->thread = g_thread_new ("engine", work, desk);
  return desk;
}

void
limn_desk_free (LimnDesk *desk)
{
  limn_desk_push (desk, NULL, NULL);
  g_thread_join (desk->thread);
  limn_desk_unload (desk);
  g_hash_table_unref (desk->controls);
  g_async_queue_unref (desk->tasks);
  g_free (desk);
}

void
limn_desk_push (LimnDesk    *desk,
                LimnDeskFunc func,
                gpointer     data)
{
  Task *task = g_new (Task, 1);

  *task = (Task){ func, data };
  g_async_queue_push (desk->tasks, task);
}

static void
close_model (LimnDesk *desk)
{
  g_clear_pointer (&desk->model, limn_model_free);
  g_clear_pointer (&desk->model_key, g_free);
  desk->step_seconds = 0;
}

void
limn_desk_unload (LimnDesk *desk)
{
  close_model (desk);
  g_hash_table_remove_all (desk->controls);
  g_clear_pointer (&desk->engine, limn_engine_free);
  g_clear_pointer (&desk->engine_key, g_free);
  malloc_trim (0);
}

static gboolean
make_engine (LimnDesk                *desk,
             const LimnEngineOptions *options,
             GError                 **error)
{
  g_autofree char *key = g_strdup_printf ("%d\n%s\n%s\n%s", options->threads, options->type ? options->type : "",
                                          options->device ? options->device : "", options->memory ? options->memory : "");

  if (g_strcmp0 (key, desk->engine_key) == 0)
    return TRUE;

  limn_desk_unload (desk);
  desk->engine = limn_engine_new (options, error);
  if (desk->engine != NULL)
    desk->engine_key = g_steal_pointer (&key);
  return desk->engine != NULL;
}

static gboolean
set_parts (LimnModel *model,
           GVariant  *options,
           GError   **error)
{
  g_autoptr (GVariantIter) parts = NULL;
  const char *part, *path;

  if (!g_variant_lookup (options, "parts", "a{ss}", &parts))
    return TRUE;
  while (g_variant_iter_next (parts, "{&s&s}", &part, &path))
    if (!limn_model_set_part (model, part, path, error))
      return FALSE;
  return TRUE;
}

/* An empty path: the starter beside this program's data, or in the source it was built from. */
static const char *
place_of (const char *path)
{
  static const char *const starters[] = { LIMN_STARTER_INSTALL_DIR, LIMN_STARTER_SOURCE_DIR };

  for (gsize i = 0; path[0] == '\0' && i < G_N_ELEMENTS (starters); i++)
    if (g_file_test (starters[i], G_FILE_TEST_IS_DIR))
      return starters[i];
  return path;
}

LimnModel *
limn_desk_open (LimnDesk   *desk,
                const char *path,
                GVariant   *options,
                GError    **error)
{
  g_autofree char  *shown = g_variant_print (options, FALSE);
  g_autofree char  *key = g_strdup_printf ("%s %s", path, shown);
  LimnEngineOptions engine = { 0 };
  const char       *configs = NULL;
  g_autoptr (LimnModel) model = NULL;

  g_variant_lookup (options, "device", "&s", &engine.device);
  g_variant_lookup (options, "type", "&s", &engine.type);
  g_variant_lookup (options, "memory", "&s", &engine.memory);
  g_variant_lookup (options, "threads", "i", &engine.threads);
  g_variant_lookup (options, "configs", "&s", &configs);
  if (!make_engine (desk, &engine, error))
    return NULL;
  if (g_strcmp0 (key, desk->model_key) == 0)
    return desk->model;

  close_model (desk);
  model = limn_model_open (desk->engine, place_of (path), configs, error);
  if (model == NULL || !set_parts (model, options, error))
    return NULL;
  desk->model = g_steal_pointer (&model);
  desk->model_key = g_steal_pointer (&key);
  return desk->model;
}

LimnModel *
limn_desk_model (LimnDesk *desk,
                 GError  **error)
{
  if (desk->model == NULL)
    g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT, "no model is open: open one first");
  return desk->model;
}

LimnModel *
limn_desk_control (LimnDesk   *desk,
                   const char *path,
                   GError    **error)
{
  LimnModel  *control = g_hash_table_lookup (desk->controls, path);
  LimnEngine *engine = control == NULL ? limn_desk_engine (desk, error) : NULL;

  if (control != NULL || engine == NULL)
    return control;
  control = limn_model_open (engine, path, NULL, error);
  if (control != NULL)
    g_hash_table_insert (desk->controls, g_strdup (path), control);
  return control;
}

LimnEngine *
limn_desk_engine (LimnDesk *desk,
                  GError  **error)
{
  if (desk->engine == NULL)
    make_engine (desk, &(LimnEngineOptions){ 0 }, error);
  return desk->engine;
}

char *
limn_desk_device (LimnDesk *desk)
{
  return desk->engine != NULL ? limn_engine_device (desk->engine) : g_strdup ("");
}

void
limn_desk_measured (LimnDesk *desk,
                    int       width,
                    int       height,
                    double    seconds)
{
  desk->width = width;
  desk->height = height;
  desk->step_seconds = seconds;
}

double
limn_desk_step_seconds (LimnDesk            *desk,
                        const LimnModelCost *cost)
{
  LimnModelCost then = { 0 };

  if (desk->step_seconds <= 0 || !limn_model_cost (desk->model, desk->width, desk->height, &then, NULL) || then.step_operations <= 0)
    return 0;
  return desk->step_seconds * cost->step_operations / then.step_operations;
}
