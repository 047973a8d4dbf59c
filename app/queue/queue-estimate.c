/* What a request will take: as measured, or as the maker says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/queue-private.h"

#include "app/library/connection.h"

typedef struct
{
  LimnRequest request;
  LimnTiming  timing;
} Estimate;

static void
estimate_free (gpointer data)
{
  Estimate *estimate = data;

  limn_request_clear (&estimate->request);
  g_free (estimate);
}

static gboolean
read_timing (LimnDatabase *database,
             gpointer      data,
             GError      **error)
{
  Estimate *estimate = data;

  return limn_timing_find (database, &estimate->request, &estimate->timing, error);
}

static gboolean
find_timing (LimnQueue *queue,
             gpointer   data,
             GError   **error)
{
  return limn_library_read (queue->library, read_timing, data, error);
}

/* Times that are not known yet stay what was scaled. */
static void
on_estimated (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr (GTask) task = data;
  LimnQueue         *queue = g_task_get_source_object (task);
  LimnTiming        *timing = &((Estimate *) g_task_get_task_data (task))->timing;
  LimnEngineEstimate estimate = { 0 };
  GError            *error = NULL;

  if (!LIMN_MAKER_GET_IFACE (queue->maker)->estimate_finish (queue->maker, result, &estimate, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  timing->memory = estimate.memory;
  if (estimate.steps > 0)
    timing->steps = estimate.steps;
  if (estimate.step_seconds > 0)
    {
      timing->step_seconds = estimate.step_seconds;
      timing->rest_seconds = MAX (estimate.seconds - timing->steps * estimate.step_seconds, 0);
    }
  g_task_return_boolean (task, TRUE);
}

/* The maker opens the model for it, so it is not asked while it makes something. */
static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  LimnQueue *queue = LIMN_QUEUE (source);
  GTask     *task = data;
  Estimate  *estimate = g_task_get_task_data (task), *found;
  GError    *error = NULL;
  gpointer   got;

  if (!limn_queue_work_finish (queue, result, &got, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  found = got;
  estimate->timing = found->timing;
  if (!found->timing.exact && queue->run == NULL && queue->maker != NULL && LIMN_MAKER_GET_IFACE (queue->maker)->estimate_async != NULL)
    {
      LIMN_MAKER_GET_IFACE (queue->maker)->estimate_async (queue->maker, &estimate->request, NULL, on_estimated, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static Estimate *
estimate_new (const LimnRequest *request)
{
  Estimate *estimate = g_new0 (Estimate, 1);

  limn_request_init (&estimate->request);
  limn_request_copy (&estimate->request, request);
  return estimate;
}

void
limn_queue_estimate_async (LimnQueue          *queue,
                           const LimnRequest  *request,
                           GAsyncReadyCallback callback,
                           gpointer            data)
{
  GTask *task = g_task_new (queue, NULL, callback, data);

  g_task_set_task_data (task, estimate_new (request), estimate_free);
  limn_queue_work (queue, find_timing, estimate_new (request), estimate_free, on_found, task);
}

gboolean
limn_queue_estimate_finish (LimnQueue    *queue,
                            GAsyncResult *result,
                            LimnTiming   *timing,
                            GError      **error)
{
  *timing = ((Estimate *) g_task_get_task_data (G_TASK (result)))->timing;
  return g_task_propagate_boolean (G_TASK (result), error);
}
