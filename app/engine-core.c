/* The thread behind an engine's client: one call after the other, and a worker that is there when one needs it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-core.h"

#include "app/engine-files.h"

#define IDLE_MS (5 * 60 * 1000)
#define PATIENCE_MS (30 * 1000)
#define BACKOFF_MS 250
#define MAX_BACKOFF_MS 10000

/* Starts in one call, before it is given up. */
#define MAX_STARTS 3

typedef struct
{
  GTask         *task;
  LimnEngineCall call;
  GDestroyNotify free;
  gulong         watch; /* of the cancellable */
  gpointer       result;
  GError        *error;
} Call;

struct _LimnEngineCore
{
  /* of all threads */
  GMainContext  *context, *owner;
  GMutex         mutex; /* of the six that follow */
  GQueue         calls;
  gboolean       quit, unload, paused;
  LimnEnginePlan plan;

  /* of the core's thread */
  GWeakRef              *client;
  LimnEngineTold         told;
  char                 **command, **folders, **given;
  int                    idle_ms, patience_ms, backoff_ms, failures;
  LimnEngineLink        *link;    /* nullable */
  Call                  *current; /* nullable */
  guint64                job;     /* 0: none */
  gboolean               cancel_told, pause_told;
  LimnEngineLinkProgress progress;
  LimnEngineLinkPreview  preview;
  gpointer               progress_data;
  LimnEngineState        state;

  GThread *thread;
};

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

static void
set_state (LimnEngineCore *core,
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
is_cancelled (Call *call)
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
  Call *call = data;

  if (call->error != NULL)
    g_task_return_error (call->task, g_steal_pointer (&call->error));
  else
    g_task_return_pointer (call->task, g_steal_pointer (&call->result), call->free);
  return G_SOURCE_REMOVE;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_cancellable_disconnect (g_task_get_cancellable (call->task), call->watch);
  g_object_unref (call->task);
  g_free (call);
}

/* Those that wait are cancelled without waiting for what runs. */
static void
drop_cancelled (LimnEngineCore *core)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  for (GList *link = core->calls.head, *next; link != NULL; link = next)
    {
      Call *call = link->data;

      next = link->next;
      if (!is_cancelled (call))
        continue;
      g_queue_delete_link (&core->calls, link);
      call->error = g_error_new_literal (LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "the job was cancelled");
      limn_engine_core_tell (core, deliver, call, call_free);
    }
}

static gboolean
wants_pause (LimnEngineCore *core)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->mutex);

  return core->paused;
}

/* While a call waits for the worker: what its owner wants meanwhile. */
static gboolean
on_turn (gpointer data)
{
  LimnEngineCore *core = data;
  gboolean        paused = wants_pause (core);

  drop_cancelled (core);
  if (core->job != 0 && paused != core->pause_told)
    {
      core->pause_told = paused;
      limn_engine_link_tell (core->link, paused ? "Pause" : "Resume", g_variant_new ("(t)", core->job));
    }
  if (core->job != 0 && !core->cancel_told && limn_engine_core_cancelled (core))
    {
      core->cancel_told = TRUE;
      limn_engine_link_tell (core->link, "Cancel", g_variant_new ("(t)", core->job));
    }
  return !g_atomic_int_get (&core->quit);
}

static void
on_progress (guint64     job,
             const char *stage,
             int         step,
             int         steps,
             double      seconds_left,
             gpointer    data)
{
  LimnEngineCore *core = data;

  if (core->progress != NULL && job == core->job)
    core->progress (job, stage, step, steps, seconds_left, core->progress_data);
}

static void
on_preview (guint64    job,
            LimnArray *preview,
            gpointer   data)
{
  LimnEngineCore *core = data;

  if (core->preview != NULL && job == core->job)
    core->preview (job, preview, core->progress_data);
  else
    limn_array_free (preview);
}

/* Returns: whether the time passed and nobody minds */
static gboolean
rest (LimnEngineCore *core,
      int             ms)
{
  gint64 until = g_get_monotonic_time () + (gint64) ms * 1000;
  gint64 left;

  while ((left = until - g_get_monotonic_time ()) > 0 && !limn_engine_core_cancelled (core))
    {
      while (g_main_context_iteration (core->context, FALSE))
        ;
      drop_cancelled (core);
      g_usleep (MIN (left, 10000));
    }
  return !limn_engine_core_cancelled (core);
}

static int
backoff_of (const LimnEngineCore *core)
{
  double wait = (double) core->backoff_ms * (1 << MIN (core->failures - 1, 16));

  return core->failures > 0 ? (int) MIN (wait, MAX_BACKOFF_MS) : 0;
}

void
limn_engine_core_drop (LimnEngineCore *core,
                       const char     *why)
{
  g_clear_pointer (&core->link, limn_engine_link_free);
  core->failures++;
  set_state (core, LIMN_ENGINE_STATE_STARTING, why);
}

void
limn_engine_core_fail (LimnEngineCore *core,
                       const char     *why)
{
  g_clear_pointer (&core->link, limn_engine_link_free);
  core->failures++;
  set_state (core, LIMN_ENGINE_STATE_FAILED, why);
}

gboolean
limn_engine_core_gave_up (LimnEngineCore *core)
{
  return core->state == LIMN_ENGINE_STATE_FAILED;
}

void
limn_engine_core_praise (LimnEngineCore *core)
{
  core->failures = 0;
}

static gboolean
start (LimnEngineCore *core,
       GError        **error)
{
  LimnEngineLinkOptions options = {
    .command = (const char *const *) core->command,
    .read = (const char *const *) core->given,
    .patience_ms = core->patience_ms,
    .turn = on_turn,
    .progress = on_progress,
    .preview = on_preview,
    .data = core,
  };

  if (!rest (core, backoff_of (core)))
    return g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "the job was cancelled"), FALSE;
  core->link = limn_engine_link_new (&options, error);
  if (core->link == NULL)
    core->failures++;
  return core->link != NULL;
}

static gboolean
start_again (LimnEngineCore *core,
             GError        **error)
{
  for (int i = 1;; i++)
    {
      g_autoptr (GError) why = NULL;

      set_state (core, LIMN_ENGINE_STATE_STARTING, NULL);
      if (start (core, &why))
        return TRUE;
      if (i == MAX_STARTS || !g_error_matches (why, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER) || limn_engine_core_cancelled (core))
        {
          set_state (core, LIMN_ENGINE_STATE_FAILED, why->message);
          g_propagate_error (error, g_steal_pointer (&why));
          return FALSE;
        }
    }
}

LimnEngineLink *
limn_engine_core_link (LimnEngineCore    *core,
                       const char *const *read,
                       GError           **error)
{
  gboolean fits = read == NULL || core->command != NULL || limn_engine_files_within (read, (const char *const *) core->given);
  char   **given;

  if (core->link != NULL && !limn_engine_link_lives (core->link))
    limn_engine_core_drop (core, "limn-engine ended by itself");
  if (core->link != NULL && fits)
    return core->link;

  g_clear_pointer (&core->link, limn_engine_link_free);
  given = limn_engine_files_join ((const char *const *) core->folders, read);
  g_strfreev (core->given);
  core->given = given;
  return start_again (core, error) ? core->link : NULL;
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
  set_state (core, LIMN_ENGINE_STATE_RUNNING, NULL);
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
do_call (LimnEngineCore *core,
         Call           *call)
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
    set_state (core, core->link != NULL ? LIMN_ENGINE_STATE_READY : LIMN_ENGINE_STATE_IDLE, NULL);

  g_mutex_lock (&core->mutex);
  core->paused = FALSE;
  g_mutex_unlock (&core->mutex);
  limn_engine_core_tell (core, deliver, call, call_free);
}

/* Returns: (transfer full) (nullable): the next call; @unload: whether the worker is to go before */
static Call *
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
  set_state (core, LIMN_ENGINE_STATE_IDLE, why);
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
          set_state (core, LIMN_ENGINE_STATE_IDLE, "limn-engine ended by itself");
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
      gboolean go;
      Call    *call = next_call (core, &go);

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
  GCancellable *cancellable = g_task_get_cancellable (task);
  Call         *pushed = g_new0 (Call, 1);

  *pushed = (Call){ .task = task, .call = call, .free = free };
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
