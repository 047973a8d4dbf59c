/* Who makes the pictures of the queue: limn-engine, or something in its place in tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-client.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MAKER (limn_maker_get_type ())

/**
 * LimnMakerInterface:
 * @make_async: as limn_engine_client_generate_async()
 * @make_finish: as limn_engine_client_generate_finish()
 * @hold: what is made stops between two steps and tells "paused" with its state, or goes on
 * @estimate_async: (nullable): as limn_engine_client_estimate_async()
 * @estimate_finish: (nullable): as limn_engine_client_estimate_finish()
 */
G_DECLARE_INTERFACE (LimnMaker, limn_maker, LIMN, MAKER, GObject)

struct _LimnMakerInterface
{
  GTypeInterface parent;

  void (*make_async) (LimnMaker           *maker,
                      const LimnEngineJob *job,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             data);
  LimnEngineResult *(*make_finish) (LimnMaker    *maker,
                                    GAsyncResult *result,
                                    GError      **error);
  void (*hold) (LimnMaker *maker,
                gboolean   held);
  void (*estimate_async) (LimnMaker          *maker,
                          const LimnRequest  *request,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            data);
  gboolean (*estimate_finish) (LimnMaker          *maker,
                               GAsyncResult       *result,
                               LimnEngineEstimate *estimate,
                               GError            **error);
};

/* Returns: (transfer full): one that has @client make them */
LimnMaker *limn_engine_maker_new (LimnEngineClient *client);

G_END_DECLS
