/* The queue in the header bar: how much there is to do, and a list to look at and change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/queue-button.h"

#include <glib/gi18n.h>

#include "ui/estimate.h"
#include "ui/job-row.h"
#include "ui/open-jobs.h"

struct _LimnQueueButton
{
  AdwBin      parent;
  LimnStudio *studio;
  GListModel *jobs;

  GtkMenuButton    *menu_button;
  AdwButtonContent *content;
  GtkListBox       *list;
  GtkButton        *pause_button;
};

G_DEFINE_FINAL_TYPE (LimnQueueButton, limn_queue_button, ADW_TYPE_BIN)

static guint
count_state (LimnQueueButton *self,
             LimnJobState     state)
{
  g_autoptr (GArray) ids = limn_open_jobs_in_state (self->jobs, state);

  return ids->len;
}

/* Whether what there is has been paused: then it can be gone on with. */
static gboolean
is_paused (LimnQueueButton *self)
{
  return count_state (self, LIMN_JOB_RUNNING) + count_state (self, LIMN_JOB_QUEUED) == 0 && count_state (self, LIMN_JOB_PAUSED) > 0;
}

static void
show (LimnQueueButton *self)
{
  guint            failed = count_state (self, LIMN_JOB_FAILED), all = g_list_model_get_n_items (self->jobs);
  gboolean         paused = is_paused (self);
  double           left = limn_open_jobs_seconds_left (self->jobs);
  g_autofree char *time = left > 0 ? limn_estimate_time (left) : NULL;
  g_autofree char *count = g_strdup_printf (ngettext ("%u job", "%u jobs", all), all);
  g_autofree char *text = time != NULL ? g_strdup_printf ("%s · %s", count, time) : g_strdup (count);

  adw_button_content_set_label (self->content, text);
  adw_button_content_set_icon_name (self->content, failed == all && all > 0 ? "dialog-warning-symbolic" : paused ? "media-playback-pause-symbolic"
                                                                                                                 : "view-list-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self), all > 0);
  if (all == 0)
    gtk_menu_button_popdown (self->menu_button);
  gtk_button_set_icon_name (self->pause_button, paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button), paused ? _ ("Go On with All") : _ ("Pause All"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button), GTK_ACCESSIBLE_PROPERTY_LABEL, paused ? _ ("Go On with All") : _ ("Pause All"), -1);
}

static void
act (LimnQueueButton *self,
     LimnJobsAction   action,
     LimnJobState     state)
{
  g_autoptr (GArray) ids = limn_open_jobs_in_state (self->jobs, state);

  if (ids->len > 0)
    limn_queue_act_async (limn_studio_queue (self->studio), action, (const gint64 *) ids->data, ids->len, NULL, NULL);
}

static void
on_pause (LimnQueueButton *self)
{
  if (is_paused (self))
    {
      act (self, LIMN_JOBS_RESUME, LIMN_JOB_PAUSED);
      return;
    }
  act (self, LIMN_JOBS_PAUSE, LIMN_JOB_QUEUED);
  act (self, LIMN_JOBS_PAUSE, LIMN_JOB_RUNNING);
}

/* What failed leaves the list as well. */
static void
on_cancel (LimnQueueButton *self)
{
  act (self, LIMN_JOBS_CANCEL, LIMN_JOB_QUEUED);
  act (self, LIMN_JOBS_CANCEL, LIMN_JOB_PAUSED);
  act (self, LIMN_JOBS_CANCEL, LIMN_JOB_RUNNING);
  act (self, LIMN_JOBS_REMOVE, LIMN_JOB_FAILED);
}

static GtkWidget *
make_row (gpointer item,
          gpointer queue)
{
  return limn_job_row_widget_new (queue, item);
}

void
limn_queue_button_set_studio (LimnQueueButton *self,
                              LimnStudio      *studio)
{
  LimnQueue *queue = limn_studio_queue (studio);

  self->studio = g_object_ref (studio);
  self->jobs = limn_open_jobs_new (queue, TRUE);
  gtk_list_box_bind_model (self->list, self->jobs, make_row, queue, NULL);
  g_signal_connect_object (self->jobs, "items-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  show (self);
}

void
limn_queue_button_popup (LimnQueueButton *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_menu_button_popup (self->menu_button);
}

static void
limn_queue_button_dispose (GObject *object)
{
  LimnQueueButton *self = LIMN_QUEUE_BUTTON (object);

  g_clear_object (&self->jobs);
  g_clear_object (&self->studio);
  G_OBJECT_CLASS (limn_queue_button_parent_class)->dispose (object);
}

static void
limn_queue_button_class_init (LimnQueueButtonClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_queue_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/queue-button.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnQueueButton, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LimnQueueButton, content);
  gtk_widget_class_bind_template_child (widget_class, LimnQueueButton, list);
  gtk_widget_class_bind_template_child (widget_class, LimnQueueButton, pause_button);
  gtk_widget_class_bind_template_callback (widget_class, on_pause);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
limn_queue_button_init (LimnQueueButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
