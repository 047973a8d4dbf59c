/* Progress of a job in the worker, on its way to who wants to know, and the states that are kept of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-progress.h"

/* The core's thread's. */
struct _LimnEngineKeeper
{
  LimnEngineCore        *core;
  LimnEngineLink        *link; /* nullable: nothing runs */
  guint64                id;
  LimnEngineProgressFunc progress;
  gpointer               data;
  guint                  keep_ms;
  gint64                 asked_at;
  gboolean               asked;
  gboolean               paused;
  double                 seconds_left;
  const char            *stage;       /* nullable, a constant */
  int                    step, steps; /* last told, as the three before */
  GBytes                *state;       /* nullable */
  LimnArray             *preview;     /* nullable: of the step that is told next */
};

/* On its way to the client's main context. */
typedef struct
{
  LimnEngineProgressFunc func;
  gpointer               data;
  LimnEngineProgress     progress;
} Told;

static void
keeper_clear (gpointer data)
{
  LimnEngineKeeper *keeper = data;

  g_clear_pointer (&keeper->state, g_bytes_unref);
  g_clear_pointer (&keeper->preview, limn_array_free);
}

LimnEngineKeeper *
limn_engine_keeper_new (LimnEngineCore      *core,
                        const LimnEngineJob *job)
{
  LimnEngineKeeper *keeper = g_atomic_rc_box_new0 (LimnEngineKeeper);

  keeper->core = core;
  keeper->progress = job->progress;
  keeper->data = job->progress_data;
  keeper->keep_ms = job->keep_ms;
  keeper->state = job->resume != NULL ? g_bytes_ref (job->resume) : NULL;
  return keeper;
}

void
limn_engine_keeper_unref (LimnEngineKeeper *keeper)
{
  g_atomic_rc_box_release_full (keeper, keeper_clear);
}

static gboolean
pass (gpointer data)
{
  Told *told = data;

  told->func (&told->progress, told->data);
  return G_SOURCE_REMOVE;
}

static void
told_free (gpointer data)
{
  Told *told = data;

  g_free ((char *) told->progress.stage);
  limn_array_free ((LimnArray *) told->progress.preview);
  if (told->progress.saved != NULL)
    g_bytes_unref (told->progress.saved);
  g_free (told);
}

static void
tell (LimnEngineKeeper *keeper,
      const char       *stage,
      int               step,
      double            seconds_left,
      GBytes           *saved)
{
  Told *told;

  if (keeper->progress == NULL)
    return;
  told = g_new0 (Told, 1);
  told->func = keeper->progress;
  told->data = keeper->data;
  told->progress = (LimnEngineProgress){ .stage = g_strdup (stage), .step = step, .steps = keeper->steps, .seconds_left = seconds_left };
  told->progress.preview = g_steal_pointer (&keeper->preview);
  told->progress.saved = saved != NULL ? g_bytes_ref (saved) : NULL;
  limn_engine_core_tell (keeper->core, pass, told, told_free);
}

void
limn_engine_keeper_preview (guint64    job,
                            LimnArray *preview,
                            gpointer   data)
{
  LimnEngineKeeper *keeper = data;

  limn_array_free (keeper->preview);
  keeper->preview = preview;
}

/* A state that came after its job's end is taken all the same, so that it does not stay with the carrier. */
static void
on_saved (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  LimnEngineKeeper *keeper = data;
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autoptr (GVariant) carried = NULL;
  g_autoptr (GBytes) state = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), &descriptors, result, NULL);
  int step;

  keeper->asked = FALSE;
  if (answer != NULL && keeper->link != NULL)
    {
      g_variant_get (answer, "(iv)", &step, &carried);
      state = limn_carrier_take (limn_engine_link_carrier (keeper->link), descriptors, carried, NULL);
    }
  if (state != NULL && g_bytes_get_size (state) > 0)
    {
      g_clear_pointer (&keeper->state, g_bytes_unref);
      keeper->state = g_bytes_ref (state);
      tell (keeper, keeper->paused ? "paused" : "sample", step, keeper->seconds_left, state);
    }
  limn_engine_keeper_unref (keeper);
}

static void
ask_state (LimnEngineKeeper *keeper)
{
  keeper->asked = TRUE;
  keeper->asked_at = g_get_monotonic_time ();
  limn_engine_link_ask (keeper->link, "Save", g_variant_new ("(t)", keeper->id), G_VARIANT_TYPE ("(iv)"), on_saved,
                        g_atomic_rc_box_acquire (keeper));
}

void
limn_engine_keeper_begin (LimnEngineKeeper *keeper,
                          LimnEngineLink   *link,
                          guint64           id)
{
  keeper->link = link;
  keeper->id = id;
  keeper->asked = FALSE;
  keeper->asked_at = g_get_monotonic_time ();
}

void
limn_engine_keeper_end (LimnEngineKeeper *keeper)
{
  keeper->link = NULL;
}

void
limn_engine_keeper_progress (guint64     job,
                             const char *stage,
                             int         step,
                             int         steps,
                             double      seconds_left,
                             gpointer    data)
{
  LimnEngineKeeper *keeper = data;
  gboolean          due = keeper->keep_ms > 0 && step > 0 && g_get_monotonic_time () - keeper->asked_at >= (gint64) keeper->keep_ms * 1000;

  keeper->paused = g_str_equal (stage, "paused");
  keeper->seconds_left = seconds_left;
  keeper->stage = g_intern_string (stage);
  keeper->step = step;
  keeper->steps = steps;
  tell (keeper, stage, step, seconds_left, NULL);
  if (keeper->link != NULL && (keeper->paused || (due && !keeper->asked)))
    ask_state (keeper);
}

void
limn_engine_keeper_tell (LimnEngineKeeper *keeper,
                         const char       *stage)
{
  keeper->stage = g_intern_string (stage);
  keeper->step = keeper->steps = 0;
  tell (keeper, stage, 0, -1, NULL);
}

void
limn_engine_keeper_standing (const LimnEngineKeeper *keeper,
                             const char            **stage,
                             int                    *step,
                             int                    *steps)
{
  *stage = keeper->stage;
  *step = keeper->step;
  *steps = keeper->steps;
}

GBytes *
limn_engine_keeper_state (LimnEngineKeeper *keeper)
{
  return keeper->state != NULL ? g_bytes_ref (keeper->state) : NULL;
}

void
limn_engine_keeper_forget (LimnEngineKeeper *keeper)
{
  g_clear_pointer (&keeper->state, g_bytes_unref);
}
