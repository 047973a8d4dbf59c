/* The thread behind an engine's client: one call after the other, and a worker that is there when one needs it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-client.h"
#include "app/engine-link.h"
#include "app/engine-plan.h"

G_BEGIN_DECLS

typedef struct _LimnEngineCore LimnEngineCore;

/* Runs on the core's thread; what it returns is the task's value. */
typedef gpointer (*LimnEngineCall) (LimnEngineCore *core,
                                    gpointer        data,
                                    GError        **error);

/* In the client's main context. */
typedef void (*LimnEngineTold) (gpointer        client,
                                LimnEngineState state,
                                const char     *reason,
                                GPid            pid);

/**
 * limn_engine_core_new:
 * @client: is told about states, until it is gone
 */
LimnEngineCore *limn_engine_core_new (const LimnEngineClientOptions *options,
                                      GObject                       *client,
                                      LimnEngineTold                 told);

/* Ends the worker. */
void limn_engine_core_free (LimnEngineCore *core);

/* What follows is for the client's thread. */

/* @task: (transfer full): its task data is @call's; @free: of what @call returns */
void limn_engine_core_push (LimnEngineCore *core,
                            GTask          *task,
                            LimnEngineCall  call,
                            GDestroyNotify  free);
void limn_engine_core_pause (LimnEngineCore *core,
                             gboolean        paused);
void limn_engine_core_unload (LimnEngineCore *core);
void limn_engine_core_set_engine (LimnEngineCore          *core,
                                  const LimnEngineOptions *engine);

/* What follows is for calls. */

/* @plan: (out caller-allocates): as set last */
void limn_engine_core_plan (LimnEngineCore *core,
                            LimnEnginePlan *plan);

/* Whether the worker is on another machine, or may be: paths are its own. */
gboolean limn_engine_core_is_remote (LimnEngineCore *core);

/**
 * limn_engine_core_link:
 * @read: (array zero-terminated=1) (nullable): what the worker has to be able to read; %NULL: whatever it can
 *
 * Starts one if there is none that does, waiting before if the last one ended by itself.
 *
 * Returns: (transfer none): %NULL with %LIMN_APP_ERROR_WORKER, or %LIMN_ENGINE_ERROR_CANCELLED
 */
LimnEngineLink *limn_engine_core_link (LimnEngineCore    *core,
                                       const char *const *read,
                                       GError           **error);

/* The worker ended by itself or is of no more use. */
void limn_engine_core_drop (LimnEngineCore *core,
                            const char     *why);

/* That was the last try for now: the state is FAILED until the next call. */
void limn_engine_core_fail (LimnEngineCore *core,
                            const char     *why);

/* Whether the last try to start a worker was given up. */
gboolean limn_engine_core_gave_up (LimnEngineCore *core);

/* A job went well: the next failure is the first again. */
void limn_engine_core_praise (LimnEngineCore *core);

/* Who is told about the progress of what runs, on the core's thread; and the number it has in the worker, 0: nothing runs. */
guint64 limn_engine_core_begin (LimnEngineCore        *core,
                                LimnEngineLinkProgress progress,
                                LimnEngineLinkPreview  preview,
                                gpointer               data);
void    limn_engine_core_end (LimnEngineCore *core);

/* Calls @func in the client's main context; @free in any case. */
void limn_engine_core_tell (LimnEngineCore *core,
                            GSourceFunc     func,
                            gpointer        data,
                            GDestroyNotify  free);

gboolean limn_engine_core_cancelled (LimnEngineCore *core);

G_END_DECLS
