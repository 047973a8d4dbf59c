/* A job of the queue in a list: what it makes, how far it is, and what can be done about it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/job-row.h"

#include <glib/gi18n.h>

#include "app/model-defaults.h"
#include "app/request-grid.h"
#include "ui/texture.h"

struct _LimnJobRowWidget
{
  AdwBin        parent;
  LimnQueue    *queue;
  LimnQueueJob *job;

  GtkPicture     *preview;
  GtkLabel       *prompt, *status;
  GtkProgressBar *bar;
  GtkButton      *hold_button, *smaller_button;
};

G_DEFINE_FINAL_TYPE (LimnJobRowWidget, limn_job_row_widget, ADW_TYPE_BIN)

/* What waits can be put off, what was put off or failed can be gone on with. */
static gboolean
is_held (const LimnJobRow *row)
{
  return row->state == LIMN_JOB_PAUSED || row->state == LIMN_JOB_FAILED;
}

/* Transfer full. */
static char *
time_text (double seconds)
{
  int whole = (int) (seconds + 0.5);

  if (seconds < 0)
    return g_strdup ("");
  if (whole < 60)
    return g_strdup_printf (ngettext ("%d second left", "%d seconds left", whole), whole);
  return g_strdup_printf (ngettext ("%d minute left", "%d minutes left", (whole + 59) / 60), (whole + 59) / 60);
}

static char *
running_text (LimnQueueJob *job)
{
  const LimnJobRow *row = limn_queue_job_row (job);
  g_autofree char  *stage = NULL, *time = NULL;
  double            left;

  g_object_get (job, "stage", &stage, "seconds-left", &left, NULL);
  time = time_text (left);
  if (g_strcmp0 (stage, "sample") == 0)
    return g_strdup_printf (_ ("Step %d of %d   %s"), row->step, row->steps, time);
  if (g_strcmp0 (stage, "decode") == 0)
    return g_strdup (_ ("Finishing"));
  return g_strdup (g_strcmp0 (stage, "encode") == 0 ? _ ("Reading the prompt") : _ ("Loading the model"));
}

static char *
status_text (LimnQueueJob *job)
{
  const LimnJobRow *row = limn_queue_job_row (job);

  switch (row->state)
    {
    case LIMN_JOB_RUNNING:
      return running_text (job);
    case LIMN_JOB_PAUSED:
      return g_strdup (_ ("Paused"));
    case LIMN_JOB_FAILED:
      return g_strdup (row->error);
    default:
      return g_strdup (_ ("Waiting"));
    }
}

static void
show_preview (LimnJobRowWidget *self)
{
  const LimnArray *pixels = limn_queue_job_preview (self->job);
  g_autoptr (GdkTexture) texture = pixels != NULL ? limn_texture_new_from_array (pixels) : NULL;

  gtk_picture_set_paintable (self->preview, GDK_PAINTABLE (texture));
  gtk_widget_set_visible (GTK_WIDGET (self->preview), texture != NULL);
}

static void
show (LimnJobRowWidget *self)
{
  const LimnJobRow *row = limn_queue_job_row (self->job);
  g_autofree char  *status = status_text (self->job);
  gboolean          held = is_held (row);

  gtk_label_set_text (self->prompt, row->request.prompt);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->prompt), row->request.prompt);
  gtk_label_set_text (self->status, status);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), row->error);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), row->state == LIMN_JOB_RUNNING || row->step > 0);
  if (row->steps > 0)
    gtk_progress_bar_set_fraction (self->bar, (double) row->step / row->steps);
  gtk_widget_set_visible (GTK_WIDGET (self->smaller_button), row->state == LIMN_JOB_FAILED);
  gtk_button_set_icon_name (self->hold_button, held ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->hold_button), held ? _ ("Go On") : _ ("Pause"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->hold_button), GTK_ACCESSIBLE_PROPERTY_LABEL, held ? _ ("Go On") : _ ("Pause"), -1);
}

static void
act (LimnJobRowWidget *self,
     LimnJobsAction    action)
{
  gint64 id = limn_queue_job_row (self->job)->id;

  limn_queue_act_async (self->queue, action, &id, 1, NULL, NULL);
}

static void
on_hold (LimnJobRowWidget *self)
{
  act (self, is_held (limn_queue_job_row (self->job)) ? LIMN_JOBS_RESUME : LIMN_JOBS_PAUSE);
}

/* What failed is over already. */
static void
on_cancel (LimnJobRowWidget *self)
{
  act (self, limn_queue_job_row (self->job)->state == LIMN_JOB_FAILED ? LIMN_JOBS_REMOVE : LIMN_JOBS_CANCEL);
}

/* --- smaller -------------------------------------------------------------------------------------------------------- */

/* Three quarters of each side. */
static int
smaller_side (gint64 asked,
              int    own,
              int    step)
{
  int side = (int) (asked > 0 ? asked : own) * 3 / 4;

  return MAX (side / step * step, step);
}

static void
on_defaults (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (LimnJobRowWidget) self = data;
  g_autoptr (LimnModelDefaults) defaults = limn_model_defaults_read_finish (result, NULL);
  g_autoptr (GPtrArray) requests = limn_request_list_new ();
  LimnRequest *request;

  if (self->job == NULL)
    return;
  request = limn_request_list_add (requests, &limn_queue_job_row (self->job)->request);
  if (defaults != NULL)
    {
      request->width = smaller_side (request->width, defaults->width, defaults->size_step);
      request->height = smaller_side (request->height, defaults->height, defaults->size_step);
    }
  request->hires = -1;
  limn_queue_add_async (self->queue, requests, limn_queue_job_row (self->job)->priority, NULL, NULL);
  act (self, LIMN_JOBS_REMOVE);
}

static void
on_smaller (LimnJobRowWidget *self)
{
  limn_model_defaults_read_async (limn_queue_job_row (self->job)->request.model, NULL, on_defaults, g_object_ref (self));
}

/* --- order ---------------------------------------------------------------------------------------------------------- */

static GdkContentProvider *
on_prepare (GtkDragSource    *source,
            double            x,
            double            y,
            LimnJobRowWidget *self)
{
  return gdk_content_provider_new_typed (LIMN_TYPE_QUEUE_JOB, self->job);
}

static gboolean
on_drop (GtkDropTarget    *target,
         const GValue     *value,
         double            x,
         double            y,
         LimnJobRowWidget *self)
{
  LimnQueueJob *job = g_value_get_object (value);
  gint64        id = limn_queue_job_row (job)->id;

  if (job != self->job)
    limn_queue_move_async (self->queue, &id, 1, limn_queue_job_row (self->job)->id, NULL, NULL);
  return job != self->job;
}

/* First of all, by a key: dragging is not for everybody. */
static gboolean
on_first (GtkWidget *widget,
          GVariant  *arguments,
          gpointer   data)
{
  LimnJobRowWidget *self = LIMN_JOB_ROW_WIDGET (widget);
  gint64            id = limn_queue_job_row (self->job)->id;

  limn_queue_move_async (self->queue, &id, 1, -1, NULL, NULL);
  return TRUE;
}

static void
add_drags (LimnJobRowWidget *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (LIMN_TYPE_QUEUE_JOB, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_prepare), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
limn_job_row_widget_dispose (GObject *object)
{
  LimnJobRowWidget *self = LIMN_JOB_ROW_WIDGET (object);

  g_clear_object (&self->job);
  g_clear_object (&self->queue);
  G_OBJECT_CLASS (limn_job_row_widget_parent_class)->dispose (object);
}

static void
limn_job_row_widget_class_init (LimnJobRowWidgetClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_job_row_widget_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnJobRowWidget, preview);
  gtk_widget_class_bind_template_child (widget_class, LimnJobRowWidget, prompt);
  gtk_widget_class_bind_template_child (widget_class, LimnJobRowWidget, bar);
  gtk_widget_class_bind_template_child (widget_class, LimnJobRowWidget, status);
  gtk_widget_class_bind_template_child (widget_class, LimnJobRowWidget, hold_button);
  gtk_widget_class_bind_template_child (widget_class, LimnJobRowWidget, smaller_button);
  gtk_widget_class_bind_template_callback (widget_class, on_hold);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_smaller);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, GDK_ALT_MASK, on_first, NULL);
}

static void
limn_job_row_widget_init (LimnJobRowWidget *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drags (self);
}

GtkWidget *
limn_job_row_widget_new (LimnQueue    *queue,
                         LimnQueueJob *job)
{
  LimnJobRowWidget *self = g_object_new (LIMN_TYPE_JOB_ROW_WIDGET, NULL);

  self->queue = g_object_ref (queue);
  self->job = g_object_ref (job);
  g_signal_connect_object (job, "notify", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::preview", G_CALLBACK (show_preview), self, G_CONNECT_SWAPPED);
  show (self);
  show_preview (self);
  return GTK_WIDGET (self);
}
