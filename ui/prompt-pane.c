/* The prompt and what goes with it; the queue below.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt-pane.h"

#include <glib/gi18n.h>

#include "app/models/folders.h"
#include "app/number.h"
#include "app/request-grid.h"
#include "ui/job-row.h"

struct _LimnPromptPane
{
  AdwBin      parent;
  LimnStudio *studio;
  GPtrArray  *models; /* paths in the order of the list; the first is NULL: the starter */
  GtkFilter  *open;   /* jobs that are not done */

  GtkTextView   *prompt, *negative;
  GtkDropDown   *model;
  GtkSpinButton *count;
  GtkEntry      *seed;
  GtkListBox    *jobs;
};

G_DEFINE_FINAL_TYPE (LimnPromptPane, limn_prompt_pane, ADW_TYPE_BIN)

static void
tell (LimnPromptPane *self,
      const char     *text)
{
  g_signal_emit_by_name (self, "message", text);
}

/* Transfer full. */
static char *
text_of (GtkTextView *view)
{
  GtkTextBuffer   *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter      start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_strdup (g_strstrip (text));
}

/* Returns: whether there is something to make, and nothing wrong */
static gboolean
read_request (LimnPromptPane *self,
              LimnRequest    *request)
{
  const char *seed = gtk_editable_get_text (GTK_EDITABLE (self->seed));
  guint       model = gtk_drop_down_get_selected (self->model);

  limn_request_init (request);
  request->prompt = text_of (self->prompt);
  request->negative = text_of (self->negative);
  if (model < self->models->len)
    request->model = g_strdup (self->models->pdata[model]);
  return *request->prompt != '\0' && (*seed == '\0' || limn_number_parse_integer (seed, &request->seed)) && (*seed == '\0' || request->seed >= 0);
}

static void
on_changed (LimnPromptPane *self)
{
  g_auto (LimnRequest) request = { 0 };

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "prompt.make", self->studio != NULL && read_request (self, &request));
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (LimnPromptPane) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = limn_queue_add_finish (LIMN_QUEUE (source), result, &error);

  if (ids == NULL)
    tell (self, error->message);
}

static void
make (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnPromptPane *self = LIMN_PROMPT_PANE (widget);
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GError) error = NULL;

  if (!read_request (self, &request))
    return;
  requests = limn_request_grid (&request, gtk_spin_button_get_value_as_int (self->count), NULL, &error);
  if (requests == NULL)
    tell (self, error->message);
  else
    limn_queue_add_async (limn_studio_queue (self->studio), requests, 0, on_added, g_object_ref (self));
}

static gboolean
is_open (gpointer item,
         gpointer data)
{
  LimnJobState state = limn_queue_job_row (item)->state;

  return state != LIMN_JOB_DONE && state != LIMN_JOB_CANCELLED;
}

static void
on_job_changed (LimnPromptPane *self)
{
  gtk_filter_changed (self->open, GTK_FILTER_CHANGE_DIFFERENT);
}

/* An empty list has no frame. */
static void
on_items_changed (GListModel *open,
                  guint       at,
                  guint       removed,
                  guint       added,
                  gpointer    jobs)
{
  gtk_widget_set_visible (jobs, g_list_model_get_n_items (open) > 0);
}

static GtkWidget *
make_row (gpointer item,
          gpointer data)
{
  return limn_job_row_widget_new (data, item);
}

static void
on_failed (LimnPromptPane *self,
           const GError   *error)
{
  tell (self, error->message);
}

/* The starter first, then what lies in the folders of models. */
static void
list_models (LimnPromptPane *self)
{
  g_autoptr (GPtrArray) files = limn_folders_files (LIMN_PLACE_MODEL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("Starter"));
  g_ptr_array_add (self->models, NULL);
  for (guint i = 0; i < files->len; i++)
    {
      const LimnPlaceFile *file = files->pdata[i];
      g_autofree char     *shown = g_filename_display_name (file->within);

      gtk_string_list_append (names, shown);
      g_ptr_array_add (self->models, g_strdup (file->path));
    }
  gtk_drop_down_set_model (self->model, G_LIST_MODEL (names));
}

void
limn_prompt_pane_set_studio (LimnPromptPane *self,
                             LimnStudio     *studio)
{
  LimnQueue *queue = limn_studio_queue (studio);
  g_autoptr (GtkFilterListModel) open = NULL;

  self->studio = g_object_ref (studio);
  list_models (self);
  open = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (queue)), g_object_ref (self->open));
  gtk_list_box_bind_model (self->jobs, G_LIST_MODEL (open), make_row, queue, NULL);
  g_signal_connect_object (open, "items-changed", G_CALLBACK (on_items_changed), self->jobs, 0);
  on_items_changed (G_LIST_MODEL (open), 0, 0, 0, self->jobs);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  on_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->prompt));
}

static void
limn_prompt_pane_dispose (GObject *object)
{
  LimnPromptPane *self = LIMN_PROMPT_PANE (object);

  g_clear_object (&self->studio);
  g_clear_object (&self->open);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  G_OBJECT_CLASS (limn_prompt_pane_parent_class)->dispose (object);
}

static void
limn_prompt_pane_class_init (LimnPromptPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_prompt_pane_dispose;
  g_signal_new ("message", LIMN_TYPE_PROMPT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/prompt-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnPromptPane, prompt);
  gtk_widget_class_bind_template_child (widget_class, LimnPromptPane, negative);
  gtk_widget_class_bind_template_child (widget_class, LimnPromptPane, model);
  gtk_widget_class_bind_template_child (widget_class, LimnPromptPane, count);
  gtk_widget_class_bind_template_child (widget_class, LimnPromptPane, seed);
  gtk_widget_class_bind_template_child (widget_class, LimnPromptPane, jobs);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "prompt.make", NULL, make);
}

static void
limn_prompt_pane_init (LimnPromptPane *self)
{
  self->models = g_ptr_array_new_with_free_func (g_free);
  self->open = GTK_FILTER (gtk_custom_filter_new (is_open, NULL, NULL));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->prompt), "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "prompt.make", FALSE);
}
