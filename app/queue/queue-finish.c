/* A picture that was made, into the library: with its metadata, its parents and its job's new state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/queue-private.h"

#include "app/library/incoming.h"
#include "app/metadata.h"
#include "app/model-place.h"

/* Larger files take longer to hash than a picture takes to make. */
#define MAX_HASHED_BYTES ((gsize) 512 * 1024 * 1024)

/* Once a file: models do not change while the program runs. */
static void
add_hash (LimnQueue         *queue,
          const LimnRequest *asked,
          LimnRequest       *made)
{
  g_autofree char *path = limn_model_place_find (asked->model, NULL);
  const char      *known = path != NULL ? g_hash_table_lookup (queue->hashes, path) : NULL;

  if (path == NULL || made->model_hash != NULL)
    return;
  if (known == NULL)
    {
      g_autofree char *hash = limn_model_place_hash (path, MAX_HASHED_BYTES);

      known = hash != NULL ? hash : "";
      g_hash_table_insert (queue->hashes, g_strdup (path), g_strdup (known));
      known = g_hash_table_lookup (queue->hashes, path);
    }
  if (known[0] != '\0')
    made->model_hash = g_strdup (known);
}

/* A picture that it came from has an edge to it where the library has the same bytes. */
static void
add_parent (LimnLibrary  *library,
            LimnIncoming *incoming,
            const char   *path,
            const char   *kind)
{
  g_autoptr (GMappedFile) file = path != NULL ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) hash = NULL;
  guint8 digest[32];
  gsize  size = sizeof digest;
  gint64 id = 0;

  if (file == NULL)
    return;
  g_checksum_update (checksum, (const guint8 *) g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
  g_checksum_get_digest (checksum, digest, &size);
  hash = g_bytes_new (digest, size);
  if (limn_library_find (library, hash, &id, NULL) && id > 0)
    limn_incoming_add_parent (incoming, id, kind);
}

static LimnIncoming *
make_incoming (LimnQueue             *queue,
               const LimnQueueFinish *finish,
               GError               **error)
{
  const LimnRequest *asked = &finish->row->request;
  LimnRequest       *made = &finish->result->made;
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnIncoming) incoming = NULL;

  add_hash (queue, asked, made);
  texts = limn_metadata_texts (made);
  bytes = limn_picture_encode_png (finish->result->image, texts, error);
  incoming = bytes != NULL ? limn_incoming_new (bytes, NULL, error) : NULL;
  if (incoming == NULL)
    return NULL;

  limn_incoming_set_request (incoming, made);
  incoming->job = finish->row->id;
  incoming->has_mask = asked->mask != NULL;
  add_parent (queue->library, incoming, asked->picture, "image");
  add_parent (queue->library, incoming, asked->mask, "mask");
  return g_steal_pointer (&incoming);
}

/* What was measured is of use to later jobs only: a picture does not fail by it. */
static void
measure (LimnQueue             *queue,
         const LimnQueueFinish *finish)
{
  const LimnEngineResult *result = finish->result;
  const LimnRequest      *made = &result->made;
  const LimnTiming        timing = {
           .steps = MAX (made->steps, 0),
           .step_seconds = result->step_seconds,
           .rest_seconds = result->load_seconds + result->encode_seconds + result->decode_seconds,
           .memory = finish->memory,
           .exact = TRUE,
  };
  g_autoptr (GError) error = NULL;

  if (!limn_jobs_measure (queue->library, finish->row, made->width, made->height, &timing, &error))
    g_debug ("queue: what job %" G_GINT64_FORMAT " took is not kept: %s", finish->row->id, error->message);
}

gboolean
limn_queue_finish_job (LimnQueue *queue,
                       gpointer   data,
                       GError   **error)
{
  LimnQueueFinish *finish = data;
  g_autoptr (LimnIncoming) incoming = make_incoming (queue, finish, error);

  if (incoming == NULL || !limn_library_add (queue->library, &incoming, 1, NULL, error))
    return FALSE;

  measure (queue, finish);
  return TRUE;
}
