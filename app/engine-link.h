/* One worker and the connection to it: calls that wait, watch that it still answers, and tell how it ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gunixfdlist.h>

#include "app/error.h"
#include "engine/wire/carrier.h"

G_BEGIN_DECLS

/* All calls come from one thread, whose default main context is the link's. */
typedef struct _LimnEngineLink LimnEngineLink;

/* A job has come so far. */
typedef void (*LimnEngineLinkProgress) (guint64     job,
                                        const char *stage,
                                        int         step,
                                        int         steps,
                                        double      seconds_left,
                                        gpointer    data);

/* About what the picture will be, [1, h, w, 3], before the progress of the same step. @preview: (transfer full) */
typedef void (*LimnEngineLinkPreview) (guint64    job,
                                       LimnArray *preview,
                                       gpointer   data);

/**
 * LimnEngineLinkOptions:
 * @command, @read: as for limn_engine_process_new()
 * @patience_ms: a worker that answers nothing for so long is killed
 * @turn: (nullable): is called again and again while a call waits, at least whenever the context is woken; %FALSE gives up and ends the worker
 * @progress: (nullable), @preview: (nullable)
 */
typedef struct
{
  const char *const *command, *const *read;
  int patience_ms;
  gboolean (*turn) (gpointer data);
  LimnEngineLinkProgress progress;
  LimnEngineLinkPreview  preview;
  gpointer               data;
} LimnEngineLinkOptions;

/* Returns: (transfer full): a worker that has answered; %NULL with %LIMN_APP_ERROR_WORKER */
LimnEngineLink *limn_engine_link_new (const LimnEngineLinkOptions *options,
                                      GError                     **error);

/* Ends the worker. */
void limn_engine_link_free (LimnEngineLink *link);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEngineLink, limn_engine_link_free)

/* Returns: whether the connection stands, as far as is known */
gboolean     limn_engine_link_lives (LimnEngineLink *link);
GPid         limn_engine_link_pid (LimnEngineLink *link);
LimnCarrier *limn_engine_link_carrier (LimnEngineLink *link);

/**
 * limn_engine_link_call:
 * @arguments: (transfer floating)
 * @reply: the type that the answer has
 * @descriptors: (nullable): that go along, @answered: (out) (optional) (transfer full): that come along
 *
 * Waits for the answer, however long that takes, as long as the worker shows that it lives.
 *
 * Returns: (transfer full): the answer, or %NULL with the engine's error, or %LIMN_APP_ERROR_WORKER if the worker ended
 */
GVariant *limn_engine_link_call (LimnEngineLink     *link,
                                 const char         *method,
                                 GVariant           *arguments,
                                 const GVariantType *reply,
                                 GUnixFDList        *descriptors,
                                 GUnixFDList       **answered,
                                 GError            **error);

/* Without waiting, without an answer. */
void limn_engine_link_tell (LimnEngineLink *link,
                            const char     *method,
                            GVariant       *arguments);

/* Without waiting; @func gets the answer, by g_dbus_connection_call_with_unix_fd_list_finish(), or an error if the link is freed before. */
void limn_engine_link_ask (LimnEngineLink     *link,
                           const char         *method,
                           GVariant           *arguments,
                           const GVariantType *reply,
                           GAsyncReadyCallback func,
                           gpointer            data);

G_END_DECLS
