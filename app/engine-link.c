/* One worker and the connection to it: calls that wait, watch that it still answers, and tell how it ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-link.h"

#include "app/engine-process.h"
#include "engine/wire/connection.h"
#include "engine/wire/errors.h"

/* Pings in the time that a worker may be silent. */
#define PINGS 4

/* What the worker is given to take note that the connection closes. */
#define CLOSE_MS 500

/* Pixels along a side */
#define MAX_PREVIEW 4096

struct _LimnEngineLink
{
  LimnEngineLinkOptions options; /* but for command and read, which are not kept */
  GMainContext         *context;
  LimnEngineProcess    *process;
  GDBusConnection      *connection; /* nullable */
  GCancellable         *gone;       /* for what nobody waits for any more */
  LimnCarrier          *carrier;
  guint                 signals[3];
  gint64                heard, pinged; /* monotonic time; the latter 0 when no answer is waited for */
  gboolean              closed, silent;
  char                 *reason;
};

/* An answer that is waited for. */
typedef struct
{
  GAsyncResult *result;
} Wait;

static void
on_answer (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
}

static void
on_pong (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  LimnEngineLink *link = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the link is gone */
  link->pinged = 0;
  if (answer != NULL)
    link->heard = g_get_monotonic_time ();
}

/* Whoever is stopped, hangs or drowns does not answer, however long a step may take: that is another thread's work. */
static gboolean
on_tick (gpointer data)
{
  LimnEngineLink *link = data;
  gint64          now = g_get_monotonic_time ();

  if (now - link->heard > (gint64) link->options.patience_ms * 1000)
    {
      link->silent = link->closed = TRUE;
      limn_engine_process_kill (link->process);
      return G_SOURCE_CONTINUE;
    }
  if (link->connection != NULL && link->pinged == 0)
    {
      link->pinged = now;
      g_dbus_connection_call (link->connection, NULL, LIMN_WIRE_PATH, LIMN_WIRE_INTERFACE, "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
                              link->gone, on_pong, link);
    }
  return G_SOURCE_CONTINUE;
}

/* Returns: whether the answer came */
static gboolean
wait_for (LimnEngineLink *link,
          const Wait     *wait)
{
  GSource *tick = g_timeout_source_new (MAX (link->options.patience_ms / PINGS, 5));

  link->heard = g_get_monotonic_time ();
  g_source_set_callback (tick, on_tick, link, NULL);
  g_source_attach (tick, link->context);
  while (wait->result == NULL && !link->closed)
    {
      if (link->options.turn == NULL || link->options.turn (link->options.data))
        g_main_context_iteration (link->context, TRUE);
      else
        link->closed = TRUE;
    }
  g_source_destroy (tick);
  g_source_unref (tick);
  return wait->result != NULL;
}

/* For the sentence that the user reads; found out once. */
static const char *
reason_of (LimnEngineLink *link)
{
  if (link->reason == NULL && link->silent)
    link->reason = g_strdup_printf ("did not answer for %.3g seconds", link->options.patience_ms / 1e3);
  if (link->reason == NULL)
    link->reason = limn_engine_process_reason (link->process);
  return link->reason;
}

static gpointer
fail (LimnEngineLink *link,
      GError        **error)
{
  g_clear_error (error);
  link->closed = TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER, "limn-engine %s", reason_of (link));
  return NULL;
}

static void
on_closed (GDBusConnection *connection,
           gboolean         vanished,
           GError          *why,
           LimnEngineLink  *link)
{
  link->closed = TRUE;
}

static void
on_progress (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *name,
             GVariant        *parameters,
             gpointer         data)
{
  LimnEngineLink *link = data;
  const char     *stage;
  guint64         job;
  int             step, steps;
  double          left;

  link->heard = g_get_monotonic_time ();
  if (link->options.progress == NULL || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(tsiid)")))
    return;
  g_variant_get (parameters, "(t&siid)", &job, &stage, &step, &steps, &left);
  link->options.progress (job, stage, step, steps, left, link->options.data);
}

/* Sizes have to be those of the bytes. */
static void
on_preview (GDBusConnection *connection,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *name,
            GVariant        *parameters,
            gpointer         data)
{
  LimnEngineLink *link = data;
  g_autoptr (GVariant) bytes = NULL;
  const guint8 *pixels;
  LimnArray    *preview;
  guint64       job;
  gsize         n;
  int           step, width, height;

  link->heard = g_get_monotonic_time ();
  if (link->options.preview == NULL || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(tiiiay)")))
    return;
  g_variant_get (parameters, "(tiii@ay)", &job, &step, &width, &height, &bytes);
  pixels = g_variant_get_fixed_array (bytes, &n, 1);
  if (width < 1 || height < 1 || width > MAX_PREVIEW || height > MAX_PREVIEW || n != (gsize) width * height * 3)
    return;
  preview = limn_array_new ((LimnShape){ 1, height, width, 3 });
  for (gsize i = 0; i < n; i++)
    preview->data[i] = pixels[i] / 255.0f;
  link->options.preview (job, preview, link->options.data);
}

static void
on_sent (GDBusConnection *connection,
         const char      *sender,
         const char      *path,
         const char      *interface,
         const char      *name,
         GVariant        *parameters,
         gpointer         data)
{
  LimnEngineLink *link = data;
  g_autoptr (GVariant) bytes = NULL;
  guint64 id;

  link->heard = g_get_monotonic_time ();
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(tay)")))
    return;
  g_variant_get (parameters, "(t@ay)", &id, &bytes);
  limn_carrier_receive (link->carrier, id, bytes);
}

static void
listen (LimnEngineLink *link)
{
  static const struct
  {
    const char         *name;
    GDBusSignalCallback func;
  } signals[] = { { "Progress", on_progress }, { "Preview", on_preview }, { "Sent", on_sent } };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    link->signals[i] = g_dbus_connection_signal_subscribe (link->connection, NULL, LIMN_WIRE_INTERFACE, signals[i].name, LIMN_WIRE_PATH, NULL,
                                                           G_DBUS_SIGNAL_FLAGS_NO_MATCH_RULE, signals[i].func, link, NULL);
  g_signal_connect (link->connection, "closed", G_CALLBACK (on_closed), link);
}

static gboolean
greet (LimnEngineLink *link,
       GError        **error)
{
  g_autoptr (GDBusAuthObserver) observer = limn_wire_observer_new ();
  g_autoptr (GError) why = NULL;
  Wait wait = { 0 };

  g_dbus_connection_new (limn_engine_process_stream (link->process), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, observer, link->gone,
                         on_answer, &wait);
  if (!wait_for (link, &wait))
    {
      /* Ends what is under way, which would write into a variable of ours. */
      g_cancellable_cancel (link->gone);
      limn_engine_process_kill (link->process);
      while (wait.result == NULL)
        g_main_context_iteration (link->context, TRUE);
    }
  link->connection = g_dbus_connection_new_finish (wait.result, &why);
  g_object_unref (wait.result);
  if (link->connection == NULL || link->closed)
    return fail (link, error) != NULL;

  link->carrier = limn_carrier_new (link->connection, limn_carrier_send_to_worker);
  listen (link);
  return TRUE;
}

static gboolean
check_version (LimnEngineLink *link,
               GError        **error)
{
  g_autoptr (GVariant) answer = limn_engine_link_call (link, "Hello", NULL, G_VARIANT_TYPE ("(a{sv})"), NULL, NULL, error);
  g_autoptr (GVariant) facts = answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
  guint protocol = 0;

  if (facts == NULL)
    return FALSE;
  g_variant_lookup (facts, "protocol", "u", &protocol);
  if (protocol == LIMN_WIRE_PROTOCOL)
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER, "limn-engine speaks version %u of our language, not %d: install one version of both",
               protocol, LIMN_WIRE_PROTOCOL);
  return FALSE;
}

LimnEngineLink *
limn_engine_link_new (const LimnEngineLinkOptions *options,
                      GError                     **error)
{
  g_autoptr (LimnEngineLink) link = g_new0 (LimnEngineLink, 1);
  g_autoptr (GError) why = NULL;

  link->options = *options;
  link->context = g_main_context_ref_thread_default ();
  link->gone = g_cancellable_new ();
  link->process = limn_engine_process_new (options->command, options->read, &why);
  if (link->process == NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER, "limn-engine could not be started: %s", why->message);
      return NULL;
    }
  return greet (link, error) && check_version (link, error) ? g_steal_pointer (&link) : NULL;
}

/* A worker that is stopped would never take the last bytes. */
static void
close_connection (LimnEngineLink *link)
{
  gint64 until = g_get_monotonic_time () + CLOSE_MS * 1000;
  Wait   wait = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (link->signals); i++)
    g_dbus_connection_signal_unsubscribe (link->connection, link->signals[i]);
  g_signal_handlers_disconnect_by_data (link->connection, link);
  if (link->closed)
    limn_engine_process_kill (link->process);
  g_dbus_connection_close (link->connection, NULL, on_answer, &wait);
  while (wait.result == NULL)
    {
      if (!g_main_context_iteration (link->context, FALSE))
        g_usleep (100);
      if (g_get_monotonic_time () > until)
        limn_engine_process_kill (link->process);
    }
  g_object_unref (wait.result);
}

void
limn_engine_link_free (LimnEngineLink *link)
{
  if (link == NULL)
    return;

  g_cancellable_cancel (link->gone);
  if (link->connection != NULL)
    close_connection (link);
  limn_engine_process_free (link->process);
  while (g_main_context_iteration (link->context, FALSE))
    ;
  limn_carrier_free (link->carrier);
  g_clear_object (&link->connection);
  g_object_unref (link->gone);
  g_main_context_unref (link->context);
  g_free (link->reason);
  g_free (link);
}

gboolean
limn_engine_link_lives (LimnEngineLink *link)
{
  return !link->closed && !g_dbus_connection_is_closed (link->connection);
}

GPid
limn_engine_link_pid (LimnEngineLink *link)
{
  return limn_engine_process_pid (link->process);
}

LimnCarrier *
limn_engine_link_carrier (LimnEngineLink *link)
{
  return link->carrier;
}

/* Errors of the worker are the engine's; all others mean that it is of no more use. */
static GVariant *
answer_of (LimnEngineLink *link,
           GError         *why,
           GError        **error)
{
  if (!g_dbus_error_is_remote_error (why))
    {
      g_error_free (why);
      return fail (link, error);
    }
  limn_wire_error_decode (&why);
  g_propagate_error (error, why);
  return NULL;
}

GVariant *
limn_engine_link_call (LimnEngineLink     *link,
                       const char         *method,
                       GVariant           *arguments,
                       const GVariantType *reply,
                       GUnixFDList        *descriptors,
                       GUnixFDList       **answered,
                       GError            **error)
{
  Wait      wait = { 0 };
  GError   *why = NULL;
  GVariant *answer;

  g_dbus_connection_call_with_unix_fd_list (link->connection, NULL, LIMN_WIRE_PATH, LIMN_WIRE_INTERFACE, method, arguments, reply,
                                            G_DBUS_CALL_FLAGS_NONE, G_MAXINT, descriptors, link->gone, on_answer, &wait);
  if (!wait_for (link, &wait))
    {
      g_cancellable_cancel (link->gone);
      while (wait.result == NULL)
        g_main_context_iteration (link->context, TRUE);
      g_object_unref (wait.result);
      return fail (link, error);
    }

  answer = g_dbus_connection_call_with_unix_fd_list_finish (link->connection, answered, wait.result, &why);
  g_object_unref (wait.result);
  return answer != NULL ? answer : answer_of (link, why, error);
}

void
limn_engine_link_tell (LimnEngineLink *link,
                       const char     *method,
                       GVariant       *arguments)
{
  g_dbus_connection_call (link->connection, NULL, LIMN_WIRE_PATH, LIMN_WIRE_INTERFACE, method, arguments, NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
                          NULL, NULL, NULL);
}

void
limn_engine_link_ask (LimnEngineLink     *link,
                      const char         *method,
                      GVariant           *arguments,
                      const GVariantType *reply,
                      GAsyncReadyCallback func,
                      gpointer            data)
{
  g_dbus_connection_call_with_unix_fd_list (link->connection, NULL, LIMN_WIRE_PATH, LIMN_WIRE_INTERFACE, method, arguments, reply,
                                            G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, link->gone, func, data);
}
