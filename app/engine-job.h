/* What an engine's client has its worker do: calls for the core.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-core.h"

G_BEGIN_DECLS

/* A job of its own. */
typedef struct _LimnEngineWork LimnEngineWork;

LimnEngineWork *limn_engine_work_new (const LimnEngineJob *job);
void            limn_engine_work_free (LimnEngineWork *work);

/* @data: LimnEngineWork. Returns: LimnEngineResult */
gpointer limn_engine_work_generate (LimnEngineCore *core,
                                    gpointer        data,
                                    GError        **error);

/* @data: LimnEngineWork, of whose job only the request counts. Returns: LimnEngineEstimate, for g_free() */
gpointer limn_engine_work_estimate (LimnEngineCore *core,
                                    gpointer        data,
                                    GError        **error);

/* @data: not used. Returns: GPtrArray of LimnDeviceInfo */
gpointer limn_engine_work_devices (LimnEngineCore *core,
                                   gpointer        data,
                                   GError        **error);

/**
 * limn_engine_work_open:
 * @path: (out) (transfer full): its model's, @info: (out) (transfer full): what Open() tells
 *
 * Opens the request's model on a worker that may read it.
 *
 * Returns: (transfer none): the worker, %NULL with an error
 */
LimnEngineLink *limn_engine_work_open (LimnEngineCore       *core,
                                       const LimnRequest    *request,
                                       const LimnEnginePlan *plan,
                                       char                **path,
                                       GVariant            **info,
                                       GError              **error);

const LimnRequest *limn_engine_work_request (const LimnEngineWork *work);

G_END_DECLS
