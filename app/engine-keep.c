/* The worker behind an engine's client: started when it is needed, watched while it works, started again after it ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-core-private.h"

#include "app/engine-files.h"

#define MAX_BACKOFF_MS 10000

/* Starts in one call, before it is given up. */
#define MAX_STARTS 3

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

  limn_engine_core_drop_cancelled (core);
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
  if (core->link == NULL && limn_engine_core_cancelled (core))
    return FALSE; /* it is being started */
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
      limn_engine_core_drop_cancelled (core);
      g_usleep (MIN (left, 10000));
    }
  return !limn_engine_core_cancelled (core);
}

static int
backoff_of (const LimnEngineCore *core)
{
  int doublings = CLAMP (core->failures - 1, 0, 16);

  return core->failures > 0 ? (int) MIN ((double) core->backoff_ms * (1 << doublings), MAX_BACKOFF_MS) : 0;
}

void
limn_engine_core_drop (LimnEngineCore *core,
                       const char     *why)
{
  g_clear_pointer (&core->link, limn_engine_link_free);
  core->failures++;
  limn_engine_core_set_state (core, LIMN_ENGINE_STATE_STARTING, why);
}

void
limn_engine_core_fail (LimnEngineCore *core,
                       const char     *why)
{
  g_clear_pointer (&core->link, limn_engine_link_free);
  core->failures++;
  limn_engine_core_set_state (core, LIMN_ENGINE_STATE_FAILED, why);
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
    return FALSE;
  core->link = limn_engine_link_new (&options, error);
  if (core->link == NULL)
    core->failures++;
  return core->link != NULL;
}

static gboolean
start_again (LimnEngineCore *core,
             GError        **error)
{
  g_autoptr (GError) why = NULL;

  for (int i = 0; i < MAX_STARTS; i++)
    {
      g_clear_error (&why);
      limn_engine_core_set_state (core, LIMN_ENGINE_STATE_STARTING, NULL);
      if (start (core, &why))
        return TRUE;
      if (!limn_engine_core_cancelled (core))
        continue;
      limn_engine_core_set_state (core, LIMN_ENGINE_STATE_IDLE, NULL);
      g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "the job was cancelled");
      return FALSE;
    }
  limn_engine_core_set_state (core, LIMN_ENGINE_STATE_FAILED, why->message);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
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
