/* What the widgets of a window share: the library, its thumbnails, what can be undone, the queue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/studio.h"

#include "app/settings.h"

#define PREVIEW_MS 500
#define CLOSE_US (5 * G_USEC_PER_SEC)
/* Some 480 thumbnails of 256 pixels: several screens full. */
#define KEPT_BYTES ((gsize) 128 * 1024 * 1024)

struct _LimnStudio
{
  GObject         parent;
  LimnLibrary    *library;
  LimnThumbnails *thumbnails;
  LimnUndo       *undo;
  LimnQueue      *queue;
  GThreadPool    *drafts; /* one thread */
};

G_DEFINE_FINAL_TYPE (LimnStudio, limn_studio, G_TYPE_OBJECT)

LimnLibrary *
limn_studio_library (LimnStudio *self)
{
  return self->library;
}

LimnThumbnails *
limn_studio_thumbnails (LimnStudio *self)
{
  return self->thumbnails;
}

LimnUndo *
limn_studio_undo (LimnStudio *self)
{
  return self->undo;
}

LimnQueue *
limn_studio_queue (LimnStudio *self)
{
  return self->queue;
}

static void
save_draft (gpointer data,
            gpointer user_data)
{
  LimnDraft *draft = data;
  g_autoptr (GError) error = NULL;

  if (!limn_draft_save (draft, &error))
    g_info ("%s", error->message);
  limn_draft_clear (draft);
  g_free (draft);
}

void
limn_studio_keep_draft (LimnStudio *self,
                        LimnDraft  *draft)
{
  g_thread_pool_push (self->drafts, draft, NULL);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  *(gboolean *) data = TRUE;
}

void
limn_studio_close (LimnStudio *self)
{
  gint64   until = g_get_monotonic_time () + CLOSE_US;
  gboolean stopped = FALSE;

  limn_queue_stop_async (self->queue, on_stopped, &stopped);
  while (!stopped && g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* The engine starts with the first job. */
static LimnQueue *
make_queue (LimnLibrary *library)
{
  g_autoptr (GSettings) settings = limn_settings_new ();
  LimnEngineClientOptions options = { .idle_ms = limn_settings_idle_ms (settings) };
  g_autoptr (LimnEngineClient) client = NULL;
  g_autoptr (LimnMaker) maker = NULL;
  LimnQueue *queue;

  limn_settings_take_engine (settings, &options.engine);
  client = limn_engine_client_new (&options);
  maker = limn_engine_maker_new (client);
  queue = limn_queue_new (library, maker);
  limn_queue_set_pace (queue, settings != NULL ? (guint) (1000 * g_settings_get_double (settings, "keep-seconds")) : 3000, PREVIEW_MS);
  limn_queue_start_async (queue, NULL, NULL);
  return queue;
}

static void
limn_studio_finalize (GObject *object)
{
  LimnStudio *self = LIMN_STUDIO (object);

  g_thread_pool_free (self->drafts, FALSE, TRUE);
  g_clear_object (&self->queue);
  g_clear_object (&self->undo);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (limn_studio_parent_class)->finalize (object);
}

static void
limn_studio_class_init (LimnStudioClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_studio_finalize;
}

static void
limn_studio_init (LimnStudio *self)
{
  self->drafts = g_thread_pool_new (save_draft, NULL, 1, FALSE, NULL);
}

LimnStudio *
limn_studio_new (LimnLibrary *library)
{
  LimnStudio *self = g_object_new (LIMN_TYPE_STUDIO, NULL);

  self->library = g_object_ref (library);
  self->thumbnails = limn_thumbnails_new (library, KEPT_BYTES);
  self->undo = limn_undo_new (library);
  self->queue = make_queue (library);
  return self;
}
