/* Adding pictures: all that belongs to one is there, or nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/library.h"

#include "app/library/connection.h"
#include "app/library/words.h"
#include "app/metadata.h"

typedef struct
{
  LimnIncoming *const *incoming;
  gsize                n;
  LimnAdded           *added;
} Addition;

static gboolean
add_model (LimnDatabase      *database,
           const LimnRequest *request,
           gint64            *model,
           GError           **error)
{
  const char *hash = request->model_hash ? request->model_hash : "";

  *model = 0;
  if (request->model == NULL)
    return TRUE;

  return limn_database_run (database, error, "INSERT OR IGNORE INTO models (name, hash) VALUES (?1, ?2)", "ss", request->model, hash)
         && limn_database_integer (database, model, error, "SELECT id FROM models WHERE name = ?1 AND hash = ?2", "ss",
                                   request->model, hash);
}

static char *
write_request (const LimnRequest *request)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (request, &writer);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

/* Numbers that are unknown are negative in a request and NULL in the table. */
static gboolean
add_row (LimnDatabase       *database,
         const LimnIncoming *incoming,
         gint64              model,
         gint64             *id,
         GError            **error)
{
  const LimnRequest *request = &incoming->request;
  g_autofree char   *json = write_request (request);

  if (!limn_database_run (database, error,
                          "INSERT INTO pictures (created, width, height, format, size, hash, name, has_mask, seed, steps, guidance,"
                          " sampler, schedule, model, prompt, negative, request)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN ?9 >= 0 THEN ?9 END, CASE WHEN ?10 >= 0 THEN ?10 END,"
                          " CASE WHEN ?11 >= 0 THEN ?11 END, ?12, ?13, nullif (?14, 0), ?15, ?16, ?17)",
                          "iiisibsiiirssisss", incoming->created ? incoming->created : g_get_real_time (),
                          (gint64) incoming->width, (gint64) incoming->height, incoming->format,
                          (gint64) g_bytes_get_size (incoming->bytes), incoming->hash, incoming->name,
                          (gint64) incoming->has_mask, request->seed, request->steps, request->guidance, request->sampler,
                          request->schedule, model, request->prompt, request->negative, json))
    return FALSE;

  *id = limn_database_last_id (database);
  return TRUE;
}

static gboolean
add_bytes (LimnDatabase       *database,
           const LimnIncoming *incoming,
           gint64              id,
           GError            **error)
{
  static const char insert[] = "INSERT INTO thumbnails (id, picture, size, bytes) VALUES (?1, ?2, ?3, ?4)";

  return limn_database_run (database, error, "INSERT INTO blobs (picture, bytes) VALUES (?1, ?2)", "ib", id, incoming->bytes)
         && limn_database_run (database, error, insert, "iiib", 2 * id, id, (gint64) 256, incoming->small)
         && (incoming->large == NULL
             || limn_database_run (database, error, insert, "iiib", 2 * id + 1, id, (gint64) 512, incoming->large));
}

static gboolean
add_ingredients (LimnDatabase       *database,
                 const LimnIncoming *incoming,
                 gint64              id,
                 GError            **error)
{
  static const char insert[] = "INSERT OR IGNORE INTO ingredients (picture, kind, name, weight) VALUES (?1, ?2, ?3, ?4)";

  for (guint i = 0; i < incoming->loras->len; i++)
    {
      const LimnLora *lora = incoming->loras->pdata[i];

      if (!limn_database_run (database, error, insert, "issr", id, "lora", lora->name, lora->weight))
        return FALSE;
    }
  for (guint i = 0; i < incoming->styles->len; i++)
    if (!limn_database_run (database, error, insert, "issn", id, "style", incoming->styles->pdata[i]))
      return FALSE;

  return TRUE;
}

static gboolean
add_parents (LimnDatabase       *database,
             const LimnIncoming *incoming,
             gint64              id,
             GError            **error)
{
  g_autofree char *json = write_request (&incoming->request);

  for (guint i = 0; i < incoming->parents->len; i++)
    {
      const LimnIncomingParent *parent = incoming->parents->pdata[i];

      if (!limn_database_run (database, error, "INSERT OR IGNORE INTO edges (child, parent, kind, request) VALUES (?1, ?2, ?3, ?4)",
                              "iiss", id, parent->id, parent->kind, json))
        return FALSE;
    }

  return TRUE;
}

static gboolean
finish_job (LimnDatabase *database,
            gint64        job,
            gint64        id,
            GError      **error)
{
  if (job == 0)
    return TRUE;
  if (!limn_database_run (database, error,
                          "UPDATE jobs SET state = 'done', result = ?2, finished = ?3, latent = NULL, kept = 0, wish = NULL, error = NULL,"
                          " (step, steps) = (SELECT n, n FROM (SELECT coalesce (p.steps, jobs.steps) AS n FROM pictures AS p WHERE p.id = ?2))"
                          " WHERE id = ?1 AND state = 'running'",
                          "iii", job, id, g_get_real_time ()))
    return FALSE;
  if (limn_database_changes (database) == 1)
    return limn_database_run (database, error, "UPDATE pictures SET trashed = NULL WHERE id = ?1", "i", id);

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_STATE,
               "job %" G_GINT64_FORMAT ": is not running, so it takes no picture", job);
  return FALSE;
}

static gboolean
add_one (LimnDatabase       *database,
         const LimnIncoming *incoming,
         LimnAdded          *added,
         GError            **error)
{
  gint64 model;

  *added = (LimnAdded){ 0 };
  if (!limn_database_integer (database, &added->id, error, "SELECT id FROM pictures WHERE hash = ?1", "b", incoming->hash))
    return FALSE;

  added->known = added->id != 0;
  if (!added->known
      && !(add_model (database, &incoming->request, &model, error)
           && add_row (database, incoming, model, &added->id, error)
           && add_bytes (database, incoming, added->id, error)
           && add_ingredients (database, incoming, added->id, error)
           && add_parents (database, incoming, added->id, error)
           && limn_words_add (database, added->id, incoming->request.prompt, incoming->name, NULL, error)))
    return FALSE;

  return finish_job (database, incoming->job, added->id, error);
}

static gboolean
add_all (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  Addition *addition = data;

  for (gsize i = 0; i < addition->n; i++)
    if (!add_one (database, addition->incoming[i], &addition->added[i], error))
      return FALSE;

  return TRUE;
}

gboolean
limn_library_add (LimnLibrary         *library,
                  LimnIncoming *const *incoming,
                  gsize                n,
                  LimnAdded           *added,
                  GError             **error)
{
  g_autofree LimnAdded *results = g_new0 (LimnAdded, n);
  g_autofree gint64    *ids = g_new (gint64, n);
  Addition              addition = { incoming, n, results };

  if (!limn_library_write (library, add_all, &addition, error))
    return FALSE;

  for (gsize i = 0; i < n; i++)
    {
      ids[i] = results[i].id;
      if (added != NULL)
        added[i] = results[i];
    }
  limn_library_tell (library, LIMN_LIBRARY_ADDED, ids, n);
  return TRUE;
}
