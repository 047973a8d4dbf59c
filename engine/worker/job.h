/* One picture that the worker makes: from the call to its answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gunixfdlist.h>

#include "app.limn.Engine1.h"
#include "engine/wire/carrier.h"
#include "engine/worker/desk.h"

G_BEGIN_DECLS

/* Counted; flags may be set from any thread. */
typedef struct _LimnWorkerJob LimnWorkerJob;

/**
 * limn_worker_job_new:
 * @object: is told about progress
 * @invocation: (transfer full): is answered once, whatever happens
 * @request, @inputs, @options: (type a{sv}): as the interface says
 * @descriptors: (nullable): of the message
 */
LimnWorkerJob *limn_worker_job_new (LimnDbusEngine1       *object,
                                    LimnCarrier           *carrier,
                                    guint64                id,
                                    GDBusMethodInvocation *invocation,
                                    GUnixFDList           *descriptors,
                                    GVariant              *request,
                                    GVariant              *inputs,
                                    GVariant              *options);
LimnWorkerJob *limn_worker_job_ref (LimnWorkerJob *job);
void           limn_worker_job_unref (LimnWorkerJob *job);

/* To be called by the desk: makes the picture, or answers that it was cancelled before. */
void limn_worker_job_run (LimnWorkerJob *job,
                          LimnDesk      *desk);

void limn_worker_job_cancel (LimnWorkerJob *job);
void limn_worker_job_pause (LimnWorkerJob *job,
                            gboolean       paused);

/* Returns: whether it was answered */
gboolean limn_worker_job_done (LimnWorkerJob *job);

/* Returns: (transfer full) (nullable): the state that was kept last, of step @step */
GBytes *limn_worker_job_state (LimnWorkerJob *job,
                               int           *step);

G_END_DECLS
