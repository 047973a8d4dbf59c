/* What the prompt pane offers: models, samplers, words, and the named styles that are chosen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/model-defaults.h"
#include "app/models/folders.h"
#include "app/sampler-names.h"
#include "engine/engine.h"
#include "ui/picture-drop.h"
#include "ui/prompt-pane-private.h"
#include "ui/prompt-tasks.h"

/* New prompts are among the words some seconds after they were asked for. */
#define WORDS_SECONDS 5

/* --- lists ---------------------------------------------------------------------------------------------------------- */

/* The starter first, then what lies in the folders of models. */
static void
list_models (LimnPromptPane *self)
{
  g_autoptr (GPtrArray) files = limn_folders_files (LIMN_PLACE_MODEL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("Starter"));
  g_ptr_array_set_size (self->models, 0);
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

static void
list_samplers (LimnPromptPane *self)
{
  g_autoptr (GtkStringList) samplers = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) schedules = gtk_string_list_new (NULL);

  gtk_string_list_append (samplers, _ ("The model's own"));
  gtk_string_list_append (schedules, _ ("The sampler's own"));
  g_ptr_array_add (self->samplers, NULL);
  g_ptr_array_add (self->schedules, NULL);
  for (guint i = 0; i < limn_n_samplers; i++)
    {
      gtk_string_list_append (samplers, limn_samplers[i].label);
      g_ptr_array_add (self->samplers, (gpointer) limn_samplers[i].id);
    }
  for (guint i = 0; i < limn_n_schedules; i++)
    {
      gtk_string_list_append (schedules, limn_schedules[i].label);
      g_ptr_array_add (self->schedules, (gpointer) limn_schedules[i].id);
    }
  gtk_drop_down_set_model (self->sampler, G_LIST_MODEL (samplers));
  gtk_drop_down_set_model (self->schedule, G_LIST_MODEL (schedules));
}

/* --- the model's own settings --------------------------------------------------------------------------------------- */

static void
move_own (GtkSpinButton *spin,
          double         before,
          double         now)
{
  if (ABS (gtk_spin_button_get_value (spin) - before) < 1e-6)
    gtk_spin_button_set_value (spin, now);
}

static void
on_defaults (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (LimnPromptPane) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModelDefaults) defaults = limn_model_defaults_read_finish (result, &error);
  double steps = self->own_steps, guidance = self->own_guidance;

  if (self->studio == NULL)
    return;
  if (defaults == NULL)
    {
      g_signal_emit_by_name (self, "message", error->message);
      return;
    }
  self->own_steps = defaults->steps;
  self->own_guidance = defaults->guidance;
  move_own (self->steps, steps, self->own_steps);
  move_own (self->guidance, guidance, self->own_guidance);
  limn_size_row_set_model (self->size, defaults);
  limn_prompt_pane_changed (self);
}

static void
on_model (LimnPromptPane *self)
{
  guint at = gtk_drop_down_get_selected (self->model);

  if (self->studio != NULL && at < self->models->len)
    limn_model_defaults_read_async (self->models->pdata[at], NULL, on_defaults, g_object_ref (self));
}

/* The model that was chosen stays, if it is still there. */
void
limn_prompt_pane_list_models (LimnPromptPane *self)
{
  guint            at = gtk_drop_down_get_selected (self->model), found = 0;
  g_autofree char *chosen = at < self->models->len ? g_strdup (self->models->pdata[at]) : NULL;

  list_models (self);
  for (guint i = 1; chosen != NULL && i < self->models->len; i++)
    if (g_str_equal (self->models->pdata[i], chosen))
      found = i;
  gtk_drop_down_set_selected (self->model, found);
}

void
limn_prompt_pane_list_choices (LimnPromptPane *self)
{
  list_models (self);
  list_samplers (self);
  on_model (self);
}

/* --- words ---------------------------------------------------------------------------------------------------------- */

static void
on_words (LimnPromptWords *words,
          gpointer         data)
{
  g_autoptr (LimnPromptPane) self = data;

  if (self->studio == NULL)
    return;
  limn_prompt_view_set_words (self->prompt, words);
  limn_prompt_view_set_words (self->negative, words);
}

static gboolean
load_words (gpointer data)
{
  LimnPromptPane *self = data;

  self->words_source = 0;
  limn_prompt_tasks_words (limn_studio_library (self->studio), on_words, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
on_job_added (LimnPromptPane *self)
{
  if (self->words_source == 0 && self->studio != NULL)
    self->words_source = g_timeout_add_seconds (WORDS_SECONDS, load_words, self);
}

void
limn_prompt_pane_load_words (LimnPromptPane *self)
{
  load_words (self);
  g_signal_connect_object (limn_studio_queue (self->studio), "job-added", G_CALLBACK (on_job_added), self, G_CONNECT_SWAPPED);
}

/* --- styles --------------------------------------------------------------------------------------------------------- */

static GtkWidget *
find_chip (LimnPromptPane *self,
           const char     *name)
{
  for (GtkWidget *at = gtk_widget_get_first_child (GTK_WIDGET (self->styles)); at != NULL; at = gtk_widget_get_next_sibling (at))
    if (g_str_equal (g_object_get_data (G_OBJECT (at), "style"), name))
      return at;
  return NULL;
}

char **
limn_prompt_pane_get_styles (LimnPromptPane *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (GtkWidget *at = gtk_widget_get_first_child (GTK_WIDGET (self->styles)); at != NULL; at = gtk_widget_get_next_sibling (at))
    g_strv_builder_add (names, g_object_get_data (G_OBJECT (at), "style"));
  return g_strv_builder_end (names);
}

gboolean
limn_prompt_pane_has_style (LimnPromptPane *self,
                            const char     *name)
{
  return find_chip (self, name) != NULL;
}

static void
styles_changed (LimnPromptPane *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->styles), gtk_widget_get_first_child (GTK_WIDGET (self->styles)) != NULL);
  g_signal_emit_by_name (self, "styles");
  limn_prompt_pane_changed (self);
}

static void
on_chip (GtkButton      *button,
         LimnPromptPane *self)
{
  limn_prompt_pane_set_style (self, gtk_widget_get_name (GTK_WIDGET (button)), FALSE);
}

static GtkWidget *
make_chip (LimnPromptPane *self,
           const char     *name)
{
  GtkWidget       *child = gtk_flow_box_child_new (), *button = gtk_button_new (), *content = adw_button_content_new ();
  g_autofree char *label = g_strdup_printf (_ ("Without the Style %s"), name);

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "window-close-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), name);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_name (button, name);
  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_add_css_class (button, "chip");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_chip), self, 0);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), button);
  gtk_widget_set_focusable (child, FALSE);
  g_object_set_data_full (G_OBJECT (child), "style", g_strdup (name), g_free);
  return child;
}

void
limn_prompt_pane_set_style (LimnPromptPane *self,
                            const char     *name,
                            gboolean        chosen)
{
  GtkWidget *chip = find_chip (self, name);

  if ((chip != NULL) == chosen)
    return;
  if (chosen)
    gtk_flow_box_insert (self->styles, make_chip (self, name), -1);
  else
    gtk_flow_box_remove (self->styles, chip);
  styles_changed (self);
}

void
limn_prompt_pane_clear_styles (LimnPromptPane *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->styles))) != NULL)
    gtk_flow_box_remove (self->styles, child);
  styles_changed (self);
}

static void
on_style (LimnPromptPane *self,
          const char     *name)
{
  limn_prompt_pane_set_style (self, name, TRUE);
}

/* --- signals on --------------------------------------------------------------------------------------------------- */

static void
on_mask (LimnPromptPane *self,
         gint64          id)
{
  g_signal_emit_by_name (self, "mask", id);
}

static void
on_message (LimnPromptPane *self,
            const char     *text)
{
  g_signal_emit_by_name (self, "message", text);
}

void
limn_prompt_pane_bind (GtkWidgetClass *class)
{
  g_type_ensure (LIMN_TYPE_PROMPT_VIEW);
  g_type_ensure (LIMN_TYPE_SIZE_ROW);
  g_type_ensure (LIMN_TYPE_SEED_ROW);
  g_type_ensure (LIMN_TYPE_SOURCE_ROW);
  gtk_widget_class_set_template_from_resource (class, "/app/limn/Limn/prompt-pane.ui");
  gtk_widget_class_bind_template_child (class, LimnPromptPane, prompt);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, negative);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, negative_expander);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, styles);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, model);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, sampler);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, schedule);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, size);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, steps);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, guidance);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, count);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, clip_skip);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, hires);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, rescale);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, seed);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, source);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, estimate);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, make_button);
  gtk_widget_class_bind_template_child (class, LimnPromptPane, make_label);
  gtk_widget_class_bind_template_callback (class, limn_prompt_pane_changed);
  gtk_widget_class_bind_template_callback (class, on_model);
  gtk_widget_class_bind_template_callback (class, on_style);
  gtk_widget_class_bind_template_callback (class, on_mask);
  gtk_widget_class_bind_template_callback (class, on_message);
}
