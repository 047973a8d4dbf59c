/* Pictures of the library as textures: read and decoded by other threads, the latest kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/thumbnails.h"

#include "app/library/thumbnail.h"
#include "ui/texture.h"

/* Threads that read and decode; more would only wait for the same cores. */
#define THREADS 2

/* @radius: of tiles; 0: the thumbnail as it is */
typedef struct
{
  gint64 id;
  int    size, radius;
} Key;

typedef struct
{
  Key         key;
  GdkTexture *texture;
  gsize       bytes;
  GList       link; /* in the order of their last use, the latest first */
} Kept;

struct _LimnThumbnails
{
  GObject      parent;
  LimnLibrary *library;
  GThreadPool *pool;
  GHashTable  *kept;
  GQueue       order;
  gsize        bytes, most;
};

G_DEFINE_FINAL_TYPE (LimnThumbnails, limn_thumbnails, G_TYPE_OBJECT)

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return (g_int64_hash (&key->id) * 31u + (guint) key->size) * 31u + (guint) key->radius;
}

static gboolean
key_equal (gconstpointer a,
           gconstpointer b)
{
  const Key *left = a, *right = b;

  return left->id == right->id && left->size == right->size && left->radius == right->radius;
}

static void
kept_free (Kept *kept)
{
  g_object_unref (kept->texture);
  g_free (kept);
}

static void
drop (LimnThumbnails *self,
      Kept           *kept)
{
  self->bytes -= kept->bytes;
  g_queue_unlink (&self->order, &kept->link);
  g_hash_table_remove (self->kept, &kept->key);
}

static void
keep (LimnThumbnails *self,
      const Key      *key,
      GdkTexture     *texture)
{
  Kept *kept = g_hash_table_lookup (self->kept, key);

  if (kept != NULL)
    drop (self, kept);

  kept = g_new0 (Kept, 1);
  kept->key = *key;
  kept->texture = g_object_ref (texture);
  kept->bytes = (gsize) 4 * gdk_texture_get_width (texture) * gdk_texture_get_height (texture);
  kept->link.data = kept;
  self->bytes += kept->bytes;
  g_queue_push_head_link (&self->order, &kept->link);
  g_hash_table_insert (self->kept, &kept->key, kept);

  while (self->bytes > self->most && self->order.length > 1)
    drop (self, self->order.tail->data);
}

static int
stored_size (int size)
{
  return size > LIMN_THUMBNAIL_SMALL ? LIMN_THUMBNAIL_LARGE : LIMN_THUMBNAIL_SMALL;
}

/* In a thread of the pool. */
static void
load (gpointer data,
      gpointer user_data)
{
  g_autoptr (GTask) task = data;
  LimnThumbnails *self = g_task_get_source_object (task);
  const Key      *key = g_task_get_task_data (task);
  GError         *error = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  file = key->size == 0 ? limn_library_bytes (self->library, key->id, &error)
                        : limn_library_thumbnail (self->library, key->id, stored_size (key->size), &error);
  if (file != NULL)
    texture = key->radius > 0 ? limn_texture_new_tile (file, key->size, key->radius, &error) : limn_texture_new_from_file (file, &error);
  if (texture != NULL)
    g_task_return_pointer (task, g_steal_pointer (&texture), g_object_unref);
  else
    g_task_return_error (task, error);
}

static GdkTexture *
peek (LimnThumbnails *self,
      Key             key)
{
  Kept *kept = g_hash_table_lookup (self->kept, &key);

  if (kept == NULL)
    return NULL;

  g_queue_unlink (&self->order, &kept->link);
  g_queue_push_head_link (&self->order, &kept->link);
  return kept->texture;
}

GdkTexture *
limn_thumbnails_peek (LimnThumbnails *self,
                      gint64          id,
                      int             size)
{
  return peek (self, (Key){ id, size, 0 });
}

GdkTexture *
limn_thumbnails_peek_tile (LimnThumbnails *self,
                           gint64          id,
                           int             size,
                           int             radius)
{
  return peek (self, (Key){ id, size, radius });
}

/* What is asked for last is most likely still to be seen. */
static int
latest_first (gconstpointer a,
              gconstpointer b,
              gpointer      data)
{
  gint64 left = (gintptr) g_object_get_data (G_OBJECT (a), "turn"), right = (gintptr) g_object_get_data (G_OBJECT (b), "turn");

  return (left < right) - (left > right);
}

static void
start (LimnThumbnails     *self,
       Key                 key,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            data)
{
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_task_data (task, g_memdup2 (&key, sizeof key), g_free);
  g_object_set_data (G_OBJECT (task), "turn", (gpointer) (gintptr) g_get_monotonic_time ());
  g_thread_pool_push (self->pool, task, NULL);
}

void
limn_thumbnails_load_async (LimnThumbnails     *self,
                            gint64              id,
                            int                 size,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            data)
{
  start (self, (Key){ id, size, 0 }, cancellable, callback, data);
}

void
limn_thumbnails_load_tile_async (LimnThumbnails     *self,
                                 gint64              id,
                                 int                 size,
                                 int                 radius,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            data)
{
  start (self, (Key){ id, size, radius }, cancellable, callback, data);
}

GdkTexture *
limn_thumbnails_load_finish (LimnThumbnails *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  const Key  *key = g_task_get_task_data (G_TASK (result));
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), error);

  if (texture != NULL && key->size != 0)
    keep (self, key, texture);
  return texture;
}

LimnThumbnails *
limn_thumbnails_new (LimnLibrary *library,
                     gsize        most)
{
  LimnThumbnails *self = g_object_new (LIMN_TYPE_THUMBNAILS, NULL);

  self->library = g_object_ref (library);
  self->most = most;
  return self;
}

static void
limn_thumbnails_finalize (GObject *object)
{
  LimnThumbnails *self = LIMN_THUMBNAILS (object);

  g_thread_pool_free (self->pool, FALSE, FALSE) /* the last reference may be a task's, in a thread of the pool */;
  g_hash_table_unref (self->kept);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (limn_thumbnails_parent_class)->finalize (object);
}

static void
limn_thumbnails_class_init (LimnThumbnailsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_thumbnails_finalize;
}

static void
limn_thumbnails_init (LimnThumbnails *self)
{
  self->kept = g_hash_table_new_full (key_hash, key_equal, NULL, (GDestroyNotify) kept_free);
  self->pool = g_thread_pool_new (load, NULL, THREADS, FALSE, NULL);
  g_thread_pool_set_sort_function (self->pool, latest_first, NULL);
}
