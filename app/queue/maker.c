/* Who makes the pictures of the queue: limn-engine, or something in its place in tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/maker.h"

G_DEFINE_INTERFACE (LimnMaker, limn_maker, G_TYPE_OBJECT)

static void
limn_maker_default_init (LimnMakerInterface *interface)
{
}

#define LIMN_TYPE_ENGINE_MAKER (limn_engine_maker_get_type ())
G_DECLARE_FINAL_TYPE (LimnEngineMaker, limn_engine_maker, LIMN, ENGINE_MAKER, GObject)

struct _LimnEngineMaker
{
  GObject           parent;
  LimnEngineClient *client;
};

static void limn_engine_maker_be_maker (LimnMakerInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnEngineMaker,
                               limn_engine_maker,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LIMN_TYPE_MAKER, limn_engine_maker_be_maker))

static LimnEngineClient *
client_of (LimnMaker *maker)
{
  return LIMN_ENGINE_MAKER (maker)->client;
}

static void
make_async (LimnMaker           *maker,
            const LimnEngineJob *job,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             data)
{
  limn_engine_client_generate_async (client_of (maker), job, cancellable, callback, data);
}

static LimnEngineResult *
make_finish (LimnMaker    *maker,
             GAsyncResult *result,
             GError      **error)
{
  return limn_engine_client_generate_finish (client_of (maker), result, error);
}

static void
hold (LimnMaker *maker,
      gboolean   held)
{
  if (held)
    limn_engine_client_pause (client_of (maker));
  else
    limn_engine_client_resume (client_of (maker));
}

static void
estimate_async (LimnMaker          *maker,
                const LimnRequest  *request,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            data)
{
  limn_engine_client_estimate_async (client_of (maker), request, cancellable, callback, data);
}

static gboolean
estimate_finish (LimnMaker          *maker,
                 GAsyncResult       *result,
                 LimnEngineEstimate *estimate,
                 GError            **error)
{
  return limn_engine_client_estimate_finish (client_of (maker), result, estimate, error);
}

static void
limn_engine_maker_be_maker (LimnMakerInterface *interface)
{
  *interface = (LimnMakerInterface){ interface->parent, make_async, make_finish, hold, estimate_async, estimate_finish };
}

static void
limn_engine_maker_finalize (GObject *object)
{
  g_clear_object (&LIMN_ENGINE_MAKER (object)->client);
  G_OBJECT_CLASS (limn_engine_maker_parent_class)->finalize (object);
}

static void
limn_engine_maker_class_init (LimnEngineMakerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_engine_maker_finalize;
}

static void
limn_engine_maker_init (LimnEngineMaker *maker)
{
}

LimnMaker *
limn_engine_maker_new (LimnEngineClient *client)
{
  LimnEngineMaker *maker = g_object_new (LIMN_TYPE_ENGINE_MAKER, NULL);

  maker->client = g_object_ref (client);
  return LIMN_MAKER (maker);
}
