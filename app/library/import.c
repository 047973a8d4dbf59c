/* Bringing files and folders into the library: threads decode, one transaction takes a batch.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/import.h"

#include <glib/gstdio.h>

#include "app/library/file-walk.h"
#include "app/library/hash.h"
#include "app/picture-file.h"
#include "app/safe-file.h"

#define MAX_FILE_BYTES ((gsize) 512 * 1024 * 1024)
/* What a batch holds at most: a commit waits for the disk, and what is decoded waits in memory. */
#define BATCH_FILES 64
#define BATCH_BYTES ((gsize) 32 * 1024 * 1024)

/* Batches on their way: while one waits for the disk, threads go on with those behind it. */
#define BATCHES 3

/* Files that come into the library in one transaction. */
typedef struct
{
  GPtrArray *items;
  guint      waiting; /* are not decoded yet */
} Batch;

/* A file on its way. */
typedef struct
{
  Batch        *batch;
  char         *path;
  gboolean      named;
  LimnIncoming *incoming;
  gint64        id; /* known before it was decoded */
  GError       *error;
} Item;

typedef struct
{
  LimnLibrary      *library;
  const LimnImport *import;
  LimnFileWalk     *walk;
  GThreadPool      *pool;
  GMutex            mutex;
  GCond             cond;
} Importing;

static void
item_free (Item *item)
{
  g_clear_pointer (&item->incoming, limn_incoming_free);
  g_clear_error (&item->error);
  g_free (item->path);
  g_free (item);
}

static void
batch_free (Batch *batch)
{
  g_ptr_array_unref (batch->items);
  g_free (batch);
}

static gint64
file_time (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000 : 0;
}

/* Decoding is what takes time, so it is asked first whether the file is there already. */
static void
decode_file (Importing *importing,
             Item      *item)
{
  g_autoptr (GBytes) bytes = limn_safe_file_read (item->path, MAX_FILE_BYTES, &item->error);
  g_autoptr (GBytes) hash = bytes ? limn_hash (bytes) : NULL;

  if (hash == NULL || !limn_library_find (importing->library, hash, &item->id, &item->error) || item->id != 0)
    return;

  item->incoming = limn_incoming_new_hashed (bytes, hash, item->path, &item->error);
  if (item->incoming != NULL)
    item->incoming->created = file_time (item->path);
}

static void
work (gpointer data,
      gpointer user_data)
{
  Importing *importing = user_data;
  Item      *item = data;

  decode_file (importing, item);
  g_mutex_lock (&importing->mutex);
  item->batch->waiting--;
  g_cond_signal (&importing->cond);
  g_mutex_unlock (&importing->mutex);
}

/* Next file that may be a picture. Returns: (nullable) */
static Item *
next_item (LimnFileWalk *walk)
{
  gboolean         named;
  g_autofree char *path = NULL;
  Item            *item;

  while ((path = limn_file_walk_next (walk, &named)) != NULL && !named && limn_picture_file_recognise (path) == NULL)
    g_clear_pointer (&path, g_free);
  if (path == NULL)
    return NULL;

  item = g_new0 (Item, 1);
  item->path = g_steal_pointer (&path);
  item->named = named;
  return item;
}

/* Threads begin on the files while the next ones are still being found. */
static Batch *
start_batch (Importing *importing)
{
  Batch *batch = g_new0 (Batch, 1);
  gsize  bytes = 0;
  Item  *item;

  batch->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  while (batch->items->len < BATCH_FILES && bytes < BATCH_BYTES && !g_cancellable_is_cancelled (importing->import->cancellable)
         && (item = next_item (importing->walk)) != NULL)
    {
      GStatBuf status;

      bytes += g_stat (item->path, &status) == 0 ? status.st_size : 0;
      item->batch = batch;
      g_ptr_array_add (batch->items, item);
      g_mutex_lock (&importing->mutex);
      batch->waiting++;
      g_mutex_unlock (&importing->mutex);
      g_thread_pool_push (importing->pool, item, NULL);
    }

  return batch;
}

static void
finish_batch (Importing *importing,
              Batch     *batch)
{
  g_mutex_lock (&importing->mutex);
  while (batch->waiting > 0)
    g_cond_wait (&importing->cond, &importing->mutex);
  g_mutex_unlock (&importing->mutex);
}

static gboolean
mark_all (Importing    *importing,
          const gint64 *ids,
          gsize         n,
          GError      **error)
{
  LimnEdit album = { LIMN_EDIT_ALBUM_ADD, 0, importing->import->album };
  LimnEdit tag = { LIMN_EDIT_TAG, 0, importing->import->tag };

  return (album.text == NULL || limn_library_edit (importing->library, &album, ids, n, error))
         && (tag.text == NULL || limn_library_edit (importing->library, &tag, ids, n, error));
}

static void
tell (Importing *importing,
      Item      *item,
      gint64     id,
      gboolean   known)
{
  LimnImportNote note = { item->path, id, known, item->error };

  if (importing->import->func != NULL)
    importing->import->func (&note, importing->import->data);
}

/* Two files of a batch can be the same picture: limn_library_add() finds that out. */
static gboolean
add_items (Importing *importing,
           GPtrArray *batch,
           GError   **error)
{
  g_autoptr (GPtrArray) incoming = g_ptr_array_new ();
  g_autofree LimnAdded *added = g_new0 (LimnAdded, batch->len);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gsize at = 0;

  for (guint i = 0; i < batch->len; i++)
    if (((Item *) batch->pdata[i])->incoming != NULL)
      g_ptr_array_add (incoming, ((Item *) batch->pdata[i])->incoming);
  if (incoming->len > 0 && !limn_library_add (importing->library, (LimnIncoming *const *) incoming->pdata, incoming->len, added, error))
    return FALSE;

  for (guint i = 0; i < batch->len; i++)
    {
      Item     *item = batch->pdata[i];
      gboolean  fresh = item->incoming != NULL;
      LimnAdded result = fresh ? added[at++] : (LimnAdded){ item->id, item->id != 0 };

      if (result.id != 0)
        g_array_append_val (ids, result.id);
      tell (importing, item, result.id, result.known);
    }

  return ids->len == 0 || mark_all (importing, (const gint64 *) ids->data, ids->len, error);
}

/* Batches are written in their order. After an error, and at the end, those on their way are only waited for. */
static gboolean
import_all (Importing *importing,
            GError   **error)
{
  g_autoptr (GQueue) batches = g_queue_new ();
  gboolean ok = TRUE;

  for (int i = 0; i < BATCHES; i++)
    g_queue_push_tail (batches, start_batch (importing));
  while (!g_queue_is_empty (batches))
    {
      Batch   *batch = g_queue_pop_head (batches);
      gboolean last = batch->items->len == 0;

      finish_batch (importing, batch);
      ok = ok && add_items (importing, batch->items, error);
      batch_free (batch);
      if (ok && !last)
        g_queue_push_tail (batches, start_batch (importing));
    }

  return ok && !g_cancellable_set_error_if_cancelled (importing->import->cancellable, error);
}

gboolean
limn_library_import (LimnLibrary       *library,
                     const char *const *paths,
                     const LimnImport  *import,
                     GError           **error)
{
  Importing importing = { .library = library, .import = import };
  int       threads = import->threads > 0 ? import->threads : (int) g_get_num_processors ();
  gboolean  ok;

  g_mutex_init (&importing.mutex);
  g_cond_init (&importing.cond);
  importing.walk = limn_file_walk_new (paths);
  importing.pool = g_thread_pool_new (work, &importing, threads, FALSE, NULL);

  ok = import_all (&importing, error);

  g_thread_pool_free (importing.pool, FALSE, TRUE);
  limn_file_walk_free (importing.walk);
  g_mutex_clear (&importing.mutex);
  g_cond_clear (&importing.cond);
  return ok;
}
