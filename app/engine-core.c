/* The thread behind an engine's client: one call after the other, and a worker that is there when one needs it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-core-private.h"

#define IDLE_MS (5 * 60 * 1000)
#define PATIENCE_MS (30 * 1000)
#define BACKOFF_MS 250

/* What the client is told. */
typedef struct
{
  GWeakRef       *client;
  LimnEngineTold  told;
  LimnEngineState state;
  char           *reason;
  GPid            pid;
} News;

static void
weak_ref_clear (gpointer weak)
{
  g_weak_ref_clear (weak);
}

static void
weak_ref_release (GWeakRef *weak)
{
  g_atomic_rc_box_release_full (weak, weak_ref_clear);
}

static gboolean
pass_news (gpointer data)
{
  News *news = data;
  g_autoptr (GObject) client = g_weak_ref_get (news->client);

  if (client != NULL)
    news->told (client, news->state, news->reason, news->pid);
  return G_SOURCE_REMOVE;
}

static void
news_free (gpointer data)
{
  News *news = data;

  weak_ref_release (news->client);
  g_free (news->reason);
  g_free (news);
}

void
limn_engine_core_tell (LimnEngineCore *core,
                       GSourceFunc     func,
                       gpointer        data,
                       GDestroyNotify  free)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, free);
  g_source_attach (source, core->owner);
}

void
limn_engine_core_set_state (LimnEngineCore *core,
                            LimnEngineState state,
                            const char     *reason)
{
  News *news = g_new0 (News, 1);

  core->state = state;
  news->client = g_atomic_rc_box_acquire (core->client);
  news->told = core->told;
  news->state = state;
  news->reason = g_strdup (reason);
  news->pid = core->link != NULL ? limn_engine_link_pid (core->link) : 0;
  limn_engine_core_tell (core, pass_news, news, news_free);
}

static LimnEnginePlan
plan_of (const LimnEngineOptions *options)
{
  return (LimnEnginePlan){ g_strdup (options->device), g_strdup (options->type), g_strdup (options->memory), options->threads };
}

void
limn_engine_core_plan (LimnEngineCore *core,
                       LimnEnginePlan *plan)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  limn_engine_plan_copy (plan, &core->plan);
}

void
limn_engine_core_set_engine (LimnEngineCore          *core,
                             const LimnEngineOptions *engine)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  limn_engine_plan_clear (&core->plan);
  core->plan = plan_of (engine);
}

gboolean
limn_engine_core_is_remote (LimnEngineCore *core)
{
  return core->command != NULL;
}

static gboolean
is_cancelled (LimnEnginePending *call)
{
  GCancellable *cancellable = g_task_get_cancellable (call->task);

  return cancellable != NULL && g_cancellable_is_cancelled (cancellable);
}

gboolean
limn_engine_core_cancelled (LimnEngineCore *core)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  return core->quit || (core->current != NULL && is_cancelled (core->current));
}

static gboolean
deliver (gpointer data)
{
  LimnEnginePending *call = data;

  if (call->error != NULL)
    g_task_return_error (call->task, g_steal_pointer (&call->error));
  else
    g_task_return_pointer (call->task, g_steal_pointer (&call->result), call->free);
  return G_SOURCE_REMOVE;
}

static void
call_free (gpointer data)
{
  LimnEnginePending *call = data;

  g_cancellable_disconnect (g_task_get_cancellable (call->task), call->watch);
  g_object_unref (call->task);
  g_free (call);
}

/* Those that wait are cancelled without waiting for what runs. */
void
limn_engine_core_drop_cancelled (LimnEngineCore *core)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  for (GList *link = core->calls.head, *next; link != NULL; link = next)
    {
      LimnEnginePending *call = link->data;

      next = link->next;
      if (!is_cancelled (call))
        continue;
      g_queue_delete_link (&core->calls, link);
      call->error = g_error_new_literal (LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "the job was cancelled");
      limn_engine_core_tell (core, deliver, call, call_free);
    }
}

guint64
limn_engine_core_begin (LimnEngineCore        *core,
                        LimnEngineLinkProgress progress,
                        LimnEngineLinkPreview  preview,
                        gpointer               data)
{
  core->preview = preview;
  core->progress = progress;
  core->progress_data = data;
  core->cancel_told = core->pause_told = FALSE;
  core->job = (guint64) g_get_monotonic_time (); /* never the same twice */
  limn_engine_core_set_state (core, LIMN_ENGINE_STATE_RUNNING, NULL);
  return core->job;
}

void
limn_engine_core_end (LimnEngineCore *core)
{
  core->progress = NULL;
  core->preview = NULL;
  core->job = 0;
}

static void
do_call (LimnEngineCore    *core,
         LimnEnginePending *call)
{
  core->current = call;
  if (core->state == LIMN_ENGINE_STATE_FAILED)
    core->state = LIMN_ENGINE_STATE_IDLE; /* it is tried again */
  if (limn_engine_core_cancelled (core))
    call->error = g_error_new_literal (LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "the job was cancelled");
  else
    call->result = call->call (core, g_task_get_task_data (call->task), &call->error);
  core->current = NULL;
  if (core->state != LIMN_ENGINE_STATE_FAILED)
    limn_engine_core_set_state (core, core->link != NULL ? LIMN_ENGINE_STATE_READY : LIMN_ENGINE_STATE_IDLE, NULL);

  g_mutex_lock (&core->mutex);
  core->paused = FALSE;
  g_mutex_unlock (&core->mutex);
  limn_engine_core_tell (core, deliver, call, call_free);
}

/* Returns: (transfer full) (nullable): the next call; @unload: whether the worker is to go before */
static LimnEnginePending *
next_call (LimnEngineCore *core,
           gboolean       *unload)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  *unload = core->unload;
  core->unload = FALSE;
  return g_queue_pop_head (&core->calls);
}

static void
unload (LimnEngineCore *core,
        const char     *why)
{
  if (core->link == NULL)
    return;
  g_clear_pointer (&core->link, limn_engine_link_free);
  limn_engine_core_set_state (core, LIMN_ENGINE_STATE_IDLE, why);
}

static gboolean
on_idle (gpointer data)
{
  gboolean *over = data;

  *over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Nothing to do: until something is pushed, the worker ends, or the time is over. */
static void
wait_for_calls (LimnEngineCore *core)
{
  gboolean over = FALSE;
  g_autoptr (GSource) timeout = core->link != NULL && core->idle_ms > 0 ? g_timeout_source_new (core->idle_ms) : NULL;

  if (timeout != NULL)
    {
      g_source_set_callback (timeout, on_idle, &over, NULL);
      g_source_attach (timeout, core->context);
    }
  while (!over && !g_atomic_int_get (&core->quit))
    {
      g_mutex_lock (&core->mutex);
      over = over || core->calls.length > 0 || core->unload;
      g_mutex_unlock (&core->mutex);
      if (over)
        break;
      g_main_context_iteration (core->context, TRUE);
      if (core->link != NULL && !limn_engine_link_lives (core->link))
        {
          limn_engine_core_drop (core, "limn-engine ended by itself");
          limn_engine_core_set_state (core, LIMN_ENGINE_STATE_IDLE, "limn-engine ended by itself");
          break;
        }
      if (over)
        unload (core, "limn-engine had nothing to do");
    }
  if (timeout != NULL)
    g_source_destroy (timeout);
}

static gpointer
work (gpointer data)
{
  LimnEngineCore *core = data;

  g_main_context_push_thread_default (core->context);
  while (!g_atomic_int_get (&core->quit))
    {
      gboolean           go;
      LimnEnginePending *call = next_call (core, &go);

      if (go)
        unload (core, NULL);
      if (call != NULL)
        do_call (core, call);
      else
        wait_for_calls (core);
    }
  g_clear_pointer (&core->link, limn_engine_link_free);
  g_main_context_pop_thread_default (core->context);
  return NULL;
}

LimnEngineCore *
limn_engine_core_new (const LimnEngineClientOptions *options,
                      GObject                       *client,
                      LimnEngineTold                 told)
{
  LimnEngineCore *core = g_new0 (LimnEngineCore, 1);

  core->context = g_main_context_new ();
  core->owner = g_main_context_ref_thread_default ();
  core->client = g_atomic_rc_box_new0 (GWeakRef);
  g_weak_ref_init (core->client, client);
  core->told = told;
  core->plan = plan_of (&options->engine);
  core->command = g_strdupv ((char **) options->command);
  core->folders = g_strdupv ((char **) options->folders);
  core->idle_ms = options->idle_ms != 0 ? options->idle_ms : IDLE_MS;
  core->patience_ms = options->patience_ms > 0 ? options->patience_ms : PATIENCE_MS;
  core->backoff_ms = options->backoff_ms > 0 ? options->backoff_ms : BACKOFF_MS;
  g_mutex_init (&core->mutex);
  g_queue_init (&core->calls);
  core->thread = g_thread_new ("engine-client", work, core);
  return core;
}

void
limn_engine_core_free (LimnEngineCore *core)
{
  g_atomic_int_set (&core->quit, TRUE);
  g_main_context_wakeup (core->context);
  g_thread_join (core->thread);
  weak_ref_release (core->client);
  limn_engine_plan_clear (&core->plan);
  g_strfreev (core->command);
  g_strfreev (core->folders);
  g_strfreev (core->given);
  g_mutex_clear (&core->mutex);
  g_main_context_unref (core->context);
  g_main_context_unref (core->owner);
  g_free (core);
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      context)
{
  g_main_context_wakeup (context);
}

static void
unref_context (gpointer context)
{
  g_main_context_unref (context);
}

void
limn_engine_core_push (LimnEngineCore *core,
                       GTask          *task,
                       LimnEngineCall  call,
                       GDestroyNotify  free)
{
  GCancellable      *cancellable = g_task_get_cancellable (task);
  LimnEnginePending *pushed = g_new0 (LimnEnginePending, 1);

  *pushed = (LimnEnginePending){ .task = task, .call = call, .free = free };
  g_task_set_check_cancellable (task, FALSE);
  if (cancellable != NULL)
    pushed->watch = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_main_context_ref (core->context), unref_context);
  g_mutex_lock (&core->mutex);
  g_queue_push_tail (&core->calls, pushed);
  g_mutex_unlock (&core->mutex);
  g_main_context_wakeup (core->context);
}

void
limn_engine_core_pause (LimnEngineCore *core,
                        gboolean        paused)
{
  g_mutex_lock (&core->mutex);
  core->paused = paused;
  g_mutex_unlock (&core->mutex);
  g_main_context_wakeup (core->context);
}

void
limn_engine_core_unload (LimnEngineCore *core)
{
  g_mutex_lock (&core->mutex);
  core->unload = TRUE;
  g_mutex_unlock (&core->mutex);
  g_main_context_wakeup (core->context);
}
