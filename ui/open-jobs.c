/* The jobs of the queue that are not over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/open-jobs.h"

static gboolean
is_open (gpointer item,
         gpointer failed)
{
  LimnJobState state = limn_queue_job_row (item)->state;

  return !limn_job_state_is_over (state) || (failed != NULL && state == LIMN_JOB_FAILED);
}

static void
on_job_changed (LimnQueue    *queue,
                LimnQueueJob *job,
                GtkFilter    *filter)
{
  gtk_filter_changed (filter, GTK_FILTER_CHANGE_DIFFERENT);
}

GListModel *
limn_open_jobs_new (LimnQueue *queue,
                    gboolean   failed)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_open, failed ? queue : NULL, NULL));

  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), filter, 0);
  return G_LIST_MODEL (gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (queue)), filter));
}

GArray *
limn_open_jobs_in_state (GListModel  *jobs,
                         LimnJobState state)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr (LimnQueueJob) job = g_list_model_get_item (jobs, i);
      const LimnJobRow *row = limn_queue_job_row (job);

      if (row->state == state)
        g_array_append_val (ids, row->id);
    }
  return ids;
}

double
limn_open_jobs_seconds_left (GListModel *jobs)
{
  double sum = 0;

  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr (LimnQueueJob) job = g_list_model_get_item (jobs, i);
      LimnJobState state = limn_queue_job_row (job)->state;
      double       left = limn_job_row_seconds_left (limn_queue_job_row (job));

      if (state == LIMN_JOB_RUNNING)
        {
          double told;

          g_object_get (job, "seconds-left", &told, NULL);
          left = told >= 0 ? told : left;
        }
      if ((state == LIMN_JOB_RUNNING || state == LIMN_JOB_QUEUED) && left > 0)
        sum += left;
    }
  return sum;
}
