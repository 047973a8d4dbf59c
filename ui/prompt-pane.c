/* The prompt and what goes with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/draft-requests.h"
#include "app/models/folders.h"
#include "ui/estimate.h"
#include "ui/prompt-drops.h"
#include "ui/prompt-pane-private.h"
#include "ui/prompt-tasks.h"

/* How long nothing may have changed before it is written down, or estimated. */
#define SAVE_MS 700
#define ESTIMATE_MS 250

G_DEFINE_FINAL_TYPE (LimnPromptPane, limn_prompt_pane, ADW_TYPE_BIN)

static void
tell (LimnPromptPane *self,
      const char     *text)
{
  g_signal_emit_by_name (self, "message", text);
}

/* --- widgets to a draft, and back ----------------------------------------------------------------------------------- */

static gint64
integer_of (GtkSpinButton *spin,
            int            own)
{
  int value = gtk_spin_button_get_value_as_int (spin);

  return value == own ? -1 : value;
}

static double
real_of (GtkSpinButton *spin,
         double         own)
{
  double value = gtk_spin_button_get_value (spin);

  return ABS (value - own) < 1e-6 ? -1 : value;
}

static char *
choice_of (GtkDropDown *drop_down,
           GPtrArray   *ids)
{
  guint at = gtk_drop_down_get_selected (drop_down);

  return at < ids->len ? g_strdup (ids->pdata[at]) : NULL;
}

void
limn_prompt_pane_get_draft (LimnPromptPane *self,
                            LimnDraft      *draft)
{
  LimnRequest *request = &draft->request;

  limn_draft_init (draft);
  limn_request_clear (request);
  limn_request_copy (request, &self->base.request);
  g_free (request->prompt);
  g_free (request->negative);
  g_free (request->model);
  g_free (request->sampler);
  g_free (request->schedule);
  request->prompt = limn_prompt_view_get_text (self->prompt);
  request->negative = limn_prompt_view_get_text (self->negative);
  request->model = choice_of (self->model, self->models);
  request->sampler = choice_of (self->sampler, self->samplers);
  request->schedule = choice_of (self->schedule, self->schedules);
  limn_size_row_get (self->size, &request->width, &request->height);
  request->steps = integer_of (self->steps, self->own_steps);
  request->guidance = real_of (self->guidance, self->own_guidance);
  request->clip_skip = integer_of (self->clip_skip, 1);
  request->hires = real_of (self->hires, 1);
  request->guidance_rescale = real_of (self->rescale, 0);
  request->seed = limn_seed_row_get (self->seed);
  draft->count = gtk_spin_button_get_value_as_int (self->count);
  draft->source = limn_source_row_get (self->source, request);
  g_strfreev (draft->styles);
  draft->styles = limn_prompt_pane_get_styles (self);
}

static void
choose (GtkDropDown *drop_down,
        GPtrArray   *ids,
        const char  *id)
{
  guint at = 0;

  for (guint i = 0; id != NULL && i < ids->len && at == 0; i++)
    if (g_strcmp0 (ids->pdata[i], id) == 0)
      at = i;
  gtk_drop_down_set_selected (drop_down, at);
}

/* A picture names its model without a path. */
static void
choose_model (LimnPromptPane *self,
              const char     *model)
{
  g_autofree char *path = model != NULL ? limn_folders_find (LIMN_PLACE_MODEL, model, NULL) : NULL;

  choose (self->model, self->models, path != NULL ? path : model);
}

static void
set_spin (GtkSpinButton *spin,
          double         value,
          double         own)
{
  gtk_spin_button_set_value (spin, value >= 0 ? value : own);
}

static void
show_request (LimnPromptPane    *self,
              const LimnRequest *request)
{
  limn_prompt_view_set_text (self->prompt, request->prompt);
  limn_prompt_view_set_text (self->negative, request->negative);
  gtk_expander_set_expanded (self->negative_expander, request->negative != NULL && *request->negative != '\0');
  choose_model (self, request->model);
  choose (self->sampler, self->samplers, request->sampler);
  choose (self->schedule, self->schedules, request->schedule);
  limn_size_row_set (self->size, request->width, request->height);
  set_spin (self->steps, request->steps, self->own_steps);
  set_spin (self->guidance, request->guidance, self->own_guidance);
  set_spin (self->clip_skip, request->clip_skip, 1);
  set_spin (self->hires, request->hires, 1);
  set_spin (self->rescale, request->guidance_rescale, 0);
}

static void
show_draft (LimnPromptPane  *self,
            const LimnDraft *draft)
{
  limn_request_clear (&self->base.request);
  limn_request_copy (&self->base.request, &draft->request);
  show_request (self, &draft->request);
  limn_seed_row_set (self->seed, draft->request.seed);
  gtk_spin_button_set_value (self->count, draft->count);
  limn_source_row_set (self->source, draft->source, &draft->request);
  limn_prompt_pane_clear_styles (self);
  for (gsize i = 0; draft->styles[i] != NULL; i++)
    limn_prompt_pane_set_style (self, draft->styles[i], TRUE);
}

/* --- what follows every change -------------------------------------------------------------------------------------- */

static gboolean
save (gpointer data)
{
  LimnPromptPane *self = data;
  LimnDraft      *draft = g_new0 (LimnDraft, 1);

  self->save_source = 0;
  limn_prompt_pane_get_draft (self, draft);
  limn_studio_keep_draft (self->studio, draft);
  return G_SOURCE_REMOVE;
}

void
limn_prompt_pane_save (LimnPromptPane *self)
{
  g_auto (LimnDraft) draft = { 0 };

  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  limn_prompt_pane_get_draft (self, &draft);
  limn_draft_save (&draft, NULL);
}

static void
on_estimated (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr (LimnPromptPane) self = data;
  g_autoptr (GError) error = NULL;
  LimnTiming timing;

  self->estimating = FALSE;
  if (self->studio == NULL)
    return;
  if (limn_queue_estimate_finish (LIMN_QUEUE (source), result, &timing, &error))
    {
      g_autofree char *text = limn_estimate_text (&timing, gtk_spin_button_get_value_as_int (self->count));

      gtk_label_set_text (self->estimate, text);
    }
  else
    gtk_label_set_text (self->estimate, "");
  if (self->estimate_again)
    limn_prompt_pane_changed (self);
}

static gboolean
estimate (gpointer data)
{
  LimnPromptPane *self = data;
  g_auto (LimnDraft) draft = { 0 };

  self->estimate_source = 0;
  self->estimate_again = self->estimating;
  if (self->estimating)
    return G_SOURCE_REMOVE;
  self->estimating = TRUE;
  limn_prompt_pane_get_draft (self, &draft);
  limn_queue_estimate_async (limn_studio_queue (self->studio), &draft.request, on_estimated, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static gboolean
can_make (LimnPromptPane *self)
{
  g_autofree char *prompt = limn_prompt_view_get_text (self->prompt);

  return self->studio != NULL && *prompt != '\0' && limn_seed_row_get (self->seed) != -2;
}

static void
show_button (LimnPromptPane *self)
{
  int              count = gtk_spin_button_get_value_as_int (self->count);
  g_autofree char *label = g_strdup_printf (ngettext ("_Generate", "_Generate %d", (gulong) count), count);

  gtk_label_set_label (self->make_label, label);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "prompt.make", can_make (self));
}

void
limn_prompt_pane_changed (LimnPromptPane *self)
{
  if (self->studio == NULL)
    return;
  show_button (self);
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->estimate_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_MS, save, self);
  self->estimate_source = g_timeout_add (ESTIMATE_MS, estimate, self);
}

/* --- making --------------------------------------------------------------------------------------------------------- */

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
on_requests (GPtrArray    *requests,
             const GError *error,
             gpointer      data)
{
  g_autoptr (LimnPromptPane) self = data;
  LimnRequest *first = requests != NULL && requests->len > 0 ? requests->pdata[0] : NULL;

  if (first == NULL)
    tell (self, error != NULL ? error->message : "");
  else if (self->studio != NULL)
    {
      limn_seed_row_tell (self->seed, first->seed);
      limn_queue_add_async (limn_studio_queue (self->studio), requests, 0, on_added, g_object_ref (self));
    }
}

void
limn_prompt_pane_make (LimnPromptPane  *self,
                       const LimnDraft *draft)
{
  limn_prompt_tasks_requests (draft, limn_studio_library (self->studio), on_requests, g_object_ref (self));
}

static void
make (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnPromptPane *self = LIMN_PROMPT_PANE (widget);
  g_auto (LimnDraft) draft = { 0 };

  if (!can_make (self))
    return;
  limn_prompt_pane_get_draft (self, &draft);
  limn_prompt_pane_make (self, &draft);
}

/* --- what others say ------------------------------------------------------------------------------------------------ */

void
limn_prompt_pane_use (LimnPromptPane    *self,
                      const LimnRequest *request,
                      gboolean           seed)
{
  g_auto (LimnDraft) draft = { 0 };

  limn_draft_init (&draft);
  limn_request_clear (&draft.request);
  limn_request_copy (&draft.request, request);
  draft.count = gtk_spin_button_get_value_as_int (self->count);
  if (!seed)
    draft.request.seed = -1;
  show_draft (self, &draft);
  limn_prompt_pane_changed (self);
}

void
limn_prompt_pane_use_seed (LimnPromptPane *self,
                           gint64          seed)
{
  limn_seed_row_set (self->seed, seed);
}

void
limn_prompt_pane_set_source (LimnPromptPane *self,
                             gint64          id)
{
  g_auto (LimnRequest) none = { 0 };

  limn_request_init (&none);
  limn_source_row_set (self->source, id, &none);
}

void
limn_prompt_pane_set_mask (LimnPromptPane    *self,
                           gint64             id,
                           const LimnRequest *request)
{
  if (limn_source_row_get (self->source, &self->base.request) != id)
    limn_source_row_set (self->source, id, request);
  else
    limn_source_row_set_mask (self->source, request);
}

void
limn_prompt_pane_set_studio (LimnPromptPane *self,
                             LimnStudio     *studio)
{
  g_auto (LimnDraft) draft = { 0 };
  gboolean known = limn_draft_load (&draft);

  self->studio = g_object_ref (studio);
  limn_source_row_set_studio (self->source, studio);
  limn_prompt_pane_list_choices (self);
  if (!known)
    limn_request_set (&draft.request, "prompt", _ ("a red fox in the snow, watercolour"), NULL);
  show_draft (self, &draft);
  limn_prompt_pane_load_words (self);
  limn_prompt_pane_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->prompt));
}

static void
limn_prompt_pane_dispose (GObject *object)
{
  LimnPromptPane *self = LIMN_PROMPT_PANE (object);

  if (self->studio != NULL)
    limn_prompt_pane_save (self);
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->estimate_source, g_source_remove);
  g_clear_handle_id (&self->words_source, g_source_remove);
  g_clear_object (&self->studio);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_pointer (&self->samplers, g_ptr_array_unref);
  g_clear_pointer (&self->schedules, g_ptr_array_unref);
  G_OBJECT_CLASS (limn_prompt_pane_parent_class)->dispose (object);
}

static void
limn_prompt_pane_finalize (GObject *object)
{
  limn_draft_clear (&LIMN_PROMPT_PANE (object)->base);
  G_OBJECT_CLASS (limn_prompt_pane_parent_class)->finalize (object);
}

static void
limn_prompt_pane_class_init (LimnPromptPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_prompt_pane_dispose;
  G_OBJECT_CLASS (class)->finalize = limn_prompt_pane_finalize;
  g_signal_new ("message", LIMN_TYPE_PROMPT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_signal_new ("mask", LIMN_TYPE_PROMPT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("settings", LIMN_TYPE_PROMPT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("styles", LIMN_TYPE_PROMPT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  limn_prompt_pane_bind (widget_class);
  gtk_widget_class_install_action (widget_class, "prompt.make", NULL, make);
}

static void
limn_prompt_pane_init (LimnPromptPane *self)
{
  limn_draft_init (&self->base);
  self->models = g_ptr_array_new_with_free_func (g_free);
  self->samplers = g_ptr_array_new ();
  self->schedules = g_ptr_array_new ();
  self->own_steps = 20;
  self->own_guidance = 4;
  gtk_widget_init_template (GTK_WIDGET (self));
  limn_prompt_pane_add_drops (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "prompt.make", FALSE);
}
