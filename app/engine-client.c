/* The engine as the app sees it: limn-engine in a process of its own, started when it is needed and watched over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-client.h"

#include "app/engine-core.h"
#include "app/engine-job.h"

struct _LimnEngineClient
{
  GObject         parent;
  LimnEngineCore *core;
  LimnEngineState state;
  char           *reason; /* nullable */
  GPid            pid;
  int             calls; /* that are not answered */
};

G_DEFINE_FINAL_TYPE (LimnEngineClient, limn_engine_client, G_TYPE_OBJECT)

enum
{
  PROPERTY_STATE = 1
};

static void
limn_engine_client_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *spec)
{
  if (id == PROPERTY_STATE)
    g_value_set_int (value, LIMN_ENGINE_CLIENT (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
limn_engine_client_finalize (GObject *object)
{
  LimnEngineClient *client = LIMN_ENGINE_CLIENT (object);

  limn_engine_core_free (client->core);
  g_free (client->reason);
  G_OBJECT_CLASS (limn_engine_client_parent_class)->finalize (object);
}

static void
limn_engine_client_class_init (LimnEngineClientClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS (class);

  object->get_property = limn_engine_client_get_property;
  object->finalize = limn_engine_client_finalize;
  g_object_class_install_property (object, PROPERTY_STATE,
                                   g_param_spec_int ("state", NULL, NULL, LIMN_ENGINE_STATE_IDLE, LIMN_ENGINE_STATE_FAILED, LIMN_ENGINE_STATE_IDLE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
}

static void
limn_engine_client_init (LimnEngineClient *client)
{
}

static void
on_told (gpointer        object,
         LimnEngineState state,
         const char     *reason,
         GPid            pid)
{
  LimnEngineClient *client = object;
  gboolean          changed = client->state != state;

  client->state = state;
  client->pid = pid;
  if (reason != NULL)
    {
      g_free (client->reason);
      client->reason = g_strdup (reason);
    }
  if (changed)
    g_object_notify (object, "state");
}

LimnEngineClient *
limn_engine_client_new (const LimnEngineClientOptions *options)
{
  const LimnEngineClientOptions none = { 0 };
  LimnEngineClient             *client = g_object_new (LIMN_TYPE_ENGINE_CLIENT, NULL);

  client->core = limn_engine_core_new (options != NULL ? options : &none, G_OBJECT (client), on_told);
  return client;
}

LimnEngineState
limn_engine_client_get_state (LimnEngineClient *client)
{
  return client->state;
}

const char *
limn_engine_client_get_reason (LimnEngineClient *client)
{
  return client->reason;
}

GPid
limn_engine_client_get_pid (LimnEngineClient *client)
{
  return client->pid;
}

void
limn_engine_client_set_engine (LimnEngineClient        *client,
                               const LimnEngineOptions *engine)
{
  limn_engine_core_set_engine (client->core, engine);
}

void
limn_engine_client_unload (LimnEngineClient *client)
{
  if (client->calls == 0)
    limn_engine_core_unload (client->core);
}

/* A pause is of the job that runs or comes next; without one there is nothing to hold. */
void
limn_engine_client_pause (LimnEngineClient *client)
{
  if (client->calls > 0)
    limn_engine_core_pause (client->core, TRUE);
}

void
limn_engine_client_resume (LimnEngineClient *client)
{
  limn_engine_core_pause (client->core, FALSE);
}

static void
push (LimnEngineClient   *client,
      LimnEngineWork     *work,
      GCancellable       *cancellable,
      GAsyncReadyCallback callback,
      gpointer            data,
      LimnEngineCall      call,
      GDestroyNotify      free)
{
  GTask *task = g_task_new (client, cancellable, callback, data);

  if (work != NULL)
    g_task_set_task_data (task, work, (GDestroyNotify) limn_engine_work_free);
  client->calls++;
  limn_engine_core_push (client->core, task, call, free);
}

static gpointer
finish (LimnEngineClient *client,
        GAsyncResult     *result,
        GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);

  client->calls--;
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
limn_engine_client_generate_async (LimnEngineClient    *client,
                                   const LimnEngineJob *job,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             data)
{
  push (client, limn_engine_work_new (job), cancellable, callback, data, limn_engine_work_generate, (GDestroyNotify) limn_engine_result_free);
}

LimnEngineResult *
limn_engine_client_generate_finish (LimnEngineClient *client,
                                    GAsyncResult     *result,
                                    GError          **error)
{
  return finish (client, result, error);
}

void
limn_engine_client_devices_async (LimnEngineClient   *client,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            data)
{
  push (client, NULL, cancellable, callback, data, limn_engine_work_devices, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
limn_engine_client_devices_finish (LimnEngineClient *client,
                                   GAsyncResult     *result,
                                   GError          **error)
{
  return finish (client, result, error);
}

void
limn_engine_client_estimate_async (LimnEngineClient   *client,
                                   const LimnRequest  *request,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            data)
{
  const LimnEngineJob job = { .request = request };

  push (client, limn_engine_work_new (&job), cancellable, callback, data, limn_engine_work_estimate, g_free);
}

gboolean
limn_engine_client_estimate_finish (LimnEngineClient   *client,
                                    GAsyncResult       *result,
                                    LimnEngineEstimate *estimate,
                                    GError            **error)
{
  g_autofree LimnEngineEstimate *found = finish (client, result, error);

  if (found != NULL)
    *estimate = *found;
  return found != NULL;
}
