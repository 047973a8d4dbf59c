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
  GObject           parent;
  LimnLibrary      *library;
  LimnThumbnails   *thumbnails;
  LimnUndo         *undo;
  LimnQueue        *queue;
  LimnEngineClient *client;
  GSettings        *settings; /* nullable */
  GThreadPool      *drafts;   /* one thread */
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

LimnEngineClient *
limn_studio_client (LimnStudio *self)
{
  return self->client;
}

GSettings *
limn_studio_settings (LimnStudio *self)
{
  return self->settings;
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

/* What is changed in the settings holds from the next job on. */
static void
on_settings (LimnStudio *self)
{
  LimnEngineOptions options = { 0 };

  limn_settings_take_engine (self->settings, &options);
  limn_engine_client_set_engine (self->client, &options);
}

/* The engine starts with the first job. */
static void
make_queue (LimnStudio *self)
{
  GSettings              *settings = self->settings;
  LimnEngineClientOptions options = { .idle_ms = limn_settings_idle_ms (settings) };
  g_autoptr (LimnMaker) maker = NULL;

  limn_settings_take_engine (settings, &options.engine);
  self->client = limn_engine_client_new (&options);
  maker = limn_engine_maker_new (self->client);
  self->queue = limn_queue_new (self->library, maker);
  limn_queue_set_pace (self->queue, settings != NULL ? (guint) (1000 * g_settings_get_double (settings, "keep-seconds")) : 3000, PREVIEW_MS);
  limn_queue_start_async (self->queue, NULL, NULL);
  if (settings != NULL)
    g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings), self, G_CONNECT_SWAPPED);
}

static void
limn_studio_finalize (GObject *object)
{
  LimnStudio *self = LIMN_STUDIO (object);

  g_thread_pool_free (self->drafts, FALSE, TRUE);
  g_clear_object (&self->queue);
  g_clear_object (&self->client);
  g_clear_object (&self->settings);
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
  self->settings = limn_settings_new ();
  make_queue (self);
  return self;
}
