/* What limn-engine serves to its one client.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/service.h"

#include <unistd.h>

#include "engine/wire/connection.h"
#include "engine/wire/errors.h"
#include "engine/worker/facts.h"
#include "engine/worker/job.h"

/* Who is there, and what was asked; the calling thread's, but for what the desk is given. */
typedef struct
{
  const LimnServiceOptions *options;
  GDBusConnection          *connection;
  LimnDbusEngine1          *object;
  LimnCarrier              *carrier;
  LimnDesk                 *desk;
  GHashTable               *jobs; /* id → LimnWorkerJob */
  gboolean                  closed;
} Service;

/* A call that the desk answers. */
typedef struct
{
  LimnDbusEngine1       *object;
  GDBusMethodInvocation *invocation;
  GVariant              *options;
  char                  *path;
  int                    width, height;
} Call;

static Call *
call_new (LimnDbusEngine1       *object,
          GDBusMethodInvocation *invocation)
{
  Call *call = g_new0 (Call, 1);

  call->object = g_object_ref (object);
  call->invocation = invocation;
  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->object);
  g_clear_pointer (&call->options, g_variant_unref);
  g_free (call->path);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static gboolean
on_hello (LimnDbusEngine1       *object,
          GDBusMethodInvocation *invocation,
          Service               *service)
{
  static const char *const nothing[] = { NULL };
  const char *const       *sandbox = service->options->sandbox != NULL ? service->options->sandbox : nothing;
  GVariantBuilder          facts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&facts, "{sv}", "version", g_variant_new_string (LIMN_VERSION));
  g_variant_builder_add (&facts, "{sv}", "protocol", g_variant_new_uint32 (LIMN_WIRE_PROTOCOL));
  g_variant_builder_add (&facts, "{sv}", "sandbox", g_variant_new_strv (sandbox, -1));
  limn_dbus_engine1_complete_hello (object, invocation, g_variant_builder_end (&facts));
  return TRUE;
}

static gboolean
on_ping (LimnDbusEngine1       *object,
         GDBusMethodInvocation *invocation,
         Service               *service)
{
  limn_dbus_engine1_complete_ping (object, invocation);
  return TRUE;
}

static gboolean
on_send (LimnDbusEngine1       *object,
         GDBusMethodInvocation *invocation,
         guint64                id,
         GVariant              *bytes,
         Service               *service)
{
  limn_carrier_receive (service->carrier, id, bytes);
  limn_dbus_engine1_complete_send (object, invocation);
  return TRUE;
}

static void
run_open (LimnDesk *desk,
          gpointer  data)
{
  g_autoptr (Call) call = data;
  g_autoptr (GError) error = NULL;
  LimnModel       *model = limn_desk_open (desk, call->path, call->options, &error);
  g_autofree char *device = limn_desk_device (desk);

  if (model == NULL)
    limn_wire_error_return (call->invocation, error);
  else
    limn_dbus_engine1_complete_open (call->object, call->invocation, limn_worker_facts_of_model (limn_model_info (model), device));
}

static gboolean
on_open (LimnDbusEngine1       *object,
         GDBusMethodInvocation *invocation,
         const char            *path,
         GVariant              *options,
         Service               *service)
{
  Call *call = call_new (object, invocation);

  call->path = g_strdup (path);
  call->options = g_variant_ref (options);
  limn_desk_push (service->desk, run_open, call);
  return TRUE;
}

static void
run_devices (LimnDesk *desk,
             gpointer  data)
{
  g_autoptr (Call) call = data;
  g_autoptr (GError) error = NULL;
  LimnEngine *engine = limn_desk_engine (desk, &error);
  g_autoptr (GPtrArray) devices = engine != NULL ? limn_engine_devices (engine) : NULL;

  if (devices == NULL)
    limn_wire_error_return (call->invocation, error);
  else
    limn_dbus_engine1_complete_devices (call->object, call->invocation, limn_worker_facts_of_devices (devices));
}

static gboolean
on_devices (LimnDbusEngine1       *object,
            GDBusMethodInvocation *invocation,
            Service               *service)
{
  limn_desk_push (service->desk, run_devices, call_new (object, invocation));
  return TRUE;
}

static void
run_estimate (LimnDesk *desk,
              gpointer  data)
{
  g_autoptr (Call) call = data;
  g_autoptr (GError) error = NULL;
  LimnModel    *model = limn_desk_model (desk, &error);
  LimnModelCost cost = { 0 };

  if (model == NULL || !limn_model_cost (model, call->width, call->height, &cost, &error))
    limn_wire_error_return (call->invocation, error);
  else
    limn_dbus_engine1_complete_estimate (call->object, call->invocation, limn_worker_facts_of_cost (&cost, limn_desk_step_seconds (desk, &cost)));
}

static gboolean
on_estimate (LimnDbusEngine1       *object,
             GDBusMethodInvocation *invocation,
             int                    width,
             int                    height,
             Service               *service)
{
  Call *call = call_new (object, invocation);

  call->width = width;
  call->height = height;
  limn_desk_push (service->desk, run_estimate, call);
  return TRUE;
}

static void
run_unload (LimnDesk *desk,
            gpointer  data)
{
  g_autoptr (Call) call = data;

  limn_desk_unload (desk);
  limn_dbus_engine1_complete_unload (call->object, call->invocation);
}

static gboolean
on_unload (LimnDbusEngine1       *object,
           GDBusMethodInvocation *invocation,
           Service               *service)
{
  limn_desk_push (service->desk, run_unload, call_new (object, invocation));
  return TRUE;
}

static void
run_job (LimnDesk *desk,
         gpointer  data)
{
  LimnWorkerJob *job = data;

  limn_worker_job_run (job, desk);
  limn_worker_job_unref (job);
}

static gboolean
is_done (gpointer id,
         gpointer job,
         gpointer data)
{
  return limn_worker_job_done (job);
}

/* Jobs that are done are remembered until the next one comes, for Save(). */
static gboolean
on_generate (LimnDbusEngine1       *object,
             GDBusMethodInvocation *invocation,
             GUnixFDList           *descriptors,
             guint64                id,
             GVariant              *request,
             GVariant              *inputs,
             GVariant              *options,
             Service               *service)
{
  LimnWorkerJob *job = limn_worker_job_new (object, service->carrier, id, invocation, descriptors, request, inputs, options);

  g_hash_table_foreach_remove (service->jobs, is_done, NULL);
  g_hash_table_replace (service->jobs, g_memdup2 (&id, sizeof id), job);
  limn_desk_push (service->desk, run_job, limn_worker_job_ref (job));
  return TRUE;
}

static gboolean
on_save (LimnDbusEngine1       *object,
         GDBusMethodInvocation *invocation,
         GUnixFDList           *descriptors,
         guint64                id,
         Service               *service)
{
  LimnWorkerJob *job = g_hash_table_lookup (service->jobs, &id);
  g_autoptr (GUnixFDList) list = limn_carrier_descriptors (service->carrier);
  g_autoptr (GError) error = NULL;
  int step = 0;
  g_autoptr (GBytes) state = job != NULL ? limn_worker_job_state (job, &step) : NULL;
  GVariant *carried = limn_carrier_put (service->carrier, list, state != NULL ? g_bytes_get_data (state, NULL) : "",
                                        state != NULL ? g_bytes_get_size (state) : 0, &error);

  if (carried == NULL)
    limn_wire_error_return (invocation, error);
  else
    limn_dbus_engine1_complete_save (object, invocation, list, step, g_variant_new_variant (carried));
  return TRUE;
}

static gboolean
on_cancel (LimnDbusEngine1       *object,
           GDBusMethodInvocation *invocation,
           guint64                id,
           Service               *service)
{
  LimnWorkerJob *job = g_hash_table_lookup (service->jobs, &id);

  if (job != NULL)
    limn_worker_job_cancel (job);
  limn_dbus_engine1_complete_cancel (object, invocation);
  return TRUE;
}

static gboolean
on_pause (LimnDbusEngine1       *object,
          GDBusMethodInvocation *invocation,
          guint64                id,
          Service               *service)
{
  LimnWorkerJob *job = g_hash_table_lookup (service->jobs, &id);

  if (job != NULL)
    limn_worker_job_pause (job, TRUE);
  limn_dbus_engine1_complete_pause (object, invocation);
  return TRUE;
}

static gboolean
on_resume (LimnDbusEngine1       *object,
           GDBusMethodInvocation *invocation,
           guint64                id,
           Service               *service)
{
  LimnWorkerJob *job = g_hash_table_lookup (service->jobs, &id);

  if (job != NULL)
    limn_worker_job_pause (job, FALSE);
  limn_dbus_engine1_complete_resume (object, invocation);
  return TRUE;
}

static void
on_closed (GDBusConnection *connection,
           gboolean         vanished,
           GError          *why,
           Service         *service)
{
  service->closed = TRUE;
}

static const struct
{
  const char *name;
  GCallback   func;
} handlers[] = {
  { "handle-hello", G_CALLBACK (on_hello) },
  { "handle-ping", G_CALLBACK (on_ping) },
  { "handle-open", G_CALLBACK (on_open) },
  { "handle-generate", G_CALLBACK (on_generate) },
  { "handle-save", G_CALLBACK (on_save) },
  { "handle-cancel", G_CALLBACK (on_cancel) },
  { "handle-pause", G_CALLBACK (on_pause) },
  { "handle-resume", G_CALLBACK (on_resume) },
  { "handle-devices", G_CALLBACK (on_devices) },
  { "handle-estimate", G_CALLBACK (on_estimate) },
  { "handle-unload", G_CALLBACK (on_unload) },
  { "handle-send", G_CALLBACK (on_send) },
};

static void
cancel_job (gpointer id,
            gpointer job,
            gpointer data)
{
  limn_worker_job_cancel (job);
}

static void
service_clear (Service *service)
{
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (service->object));
  g_hash_table_foreach (service->jobs, cancel_job, NULL);
  limn_desk_free (service->desk);
  g_hash_table_unref (service->jobs);
  limn_carrier_free (service->carrier);
  g_signal_handlers_disconnect_by_data (service->connection, service);
  g_dbus_connection_close_sync (service->connection, NULL, NULL);
  g_object_unref (service->object);
  g_object_unref (service->connection);
}

static gboolean
service_begin (Service *service,
               GError **error)
{
  service->object = limn_dbus_engine1_skeleton_new ();
  service->carrier = limn_carrier_new (service->connection, limn_carrier_send_to_client);
  service->desk = limn_desk_new ();
  service->jobs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) limn_worker_job_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect (service->object, handlers[i].name, handlers[i].func, service);
  g_signal_connect (service->connection, "closed", G_CALLBACK (on_closed), service);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (service->object), service->connection, LIMN_WIRE_PATH, error);
}

static GDBusConnection *
greet (GIOStream *stream,
       GError   **error)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GDBusAuthObserver) observer = limn_wire_observer_new ();

  return g_dbus_connection_new_sync (stream, guid,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER | G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS
                                         | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                                     observer, NULL, error);
}

static gboolean
serve (GIOStream                *stream,
       const LimnServiceOptions *options,
       GMainContext             *context,
       GError                  **error)
{
  Service  service = { .options = options, .connection = greet (stream, error) };
  gboolean begun;

  if (service.connection == NULL)
    return FALSE;

  begun = service_begin (&service, error);
  if (begun)
    g_dbus_connection_start_message_processing (service.connection);
  while (begun && !service.closed)
    g_main_context_iteration (context, TRUE);
  if (options->leave)
    _exit (begun ? 0 : 1);
  service_clear (&service);
  return begun;
}

gboolean
limn_service_run (GIOStream                *stream,
                  const LimnServiceOptions *options,
                  GError                  **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gboolean done;

  g_main_context_push_thread_default (context);
  done = serve (stream, options, context, error);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  return done;
}
