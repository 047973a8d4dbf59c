/* What the files of the thread behind an engine's client share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-core.h"

G_BEGIN_DECLS

/* A call that was pushed. */
typedef struct
{
  GTask         *task;
  LimnEngineCall call;
  GDestroyNotify free;
  gulong         watch; /* of the cancellable */
  gpointer       result;
  GError        *error;
} LimnEnginePending;

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
  LimnEnginePending     *current; /* nullable */
  guint64                job;     /* 0: none */
  gboolean               cancel_told, pause_told;
  LimnEngineLinkProgress progress;
  LimnEngineLinkPreview  preview;
  gpointer               progress_data;
  LimnEngineState        state;

  GThread *thread;
};

/* Tells the client; @reason: (nullable) */
void limn_engine_core_set_state (LimnEngineCore *core,
                                 LimnEngineState state,
                                 const char     *reason);

/* Answers calls that were cancelled while they waited. */
void limn_engine_core_drop_cancelled (LimnEngineCore *core);

G_END_DECLS
