/* What a search can be narrowed by, to choose from instead of writing it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/facets-button.h"

#include <glib/gi18n.h>

#include "app/library/async.h"
#include "app/library/query-term.h"

enum
{
  MODEL,
  LORA,
  STYLE,
  SAMPLER,
  RATING,
  AFTER,
  N_FACETS
};

/* A line a facet: what the query calls it, and where its values are found. */
static const struct
{
  const char  *key;
  LimnNameKind names;
} facets[N_FACETS] = {
  { "model", LIMN_NAMES_MODELS }, { "lora", LIMN_NAMES_LORAS }, { "style", LIMN_NAMES_STYLES }, { "sampler", LIMN_NAMES_SAMPLERS }, { "rating", 0 }, { "after", 0 }
};

struct _LimnFacetsButton
{
  AdwBin      parent;
  LimnStudio *studio;
  char       *query;
  gboolean    showing;

  GtkDropDown *drop_downs[N_FACETS];
  GtkEntry    *name;
};

G_DEFINE_FINAL_TYPE (LimnFacetsButton, limn_facets_button, ADW_TYPE_BIN)

static const char *
value_of (GPtrArray  *terms,
          const char *key)
{
  for (guint i = 0; terms != NULL && i < terms->len; i++)
    {
      const LimnQueryTerm *term = terms->pdata[i];

      if (!term->negated && g_strcmp0 (term->key, key) == 0)
        return term->value;
    }
  return NULL;
}

/* What the entry at @at of a facet stands for: %NULL for all. */
static char *
value_at (LimnFacetsButton *self,
          int               facet,
          guint             at)
{
  static const int days[] = { 0, 0, 7, 30, 365 };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = NULL;
  GtkStringList *list = GTK_STRING_LIST (gtk_drop_down_get_model (self->drop_downs[facet]));

  if (at == 0 || at == GTK_INVALID_LIST_POSITION)
    return NULL;
  if (facet == RATING)
    return g_strdup_printf (">=%u", at);
  if (facet != AFTER)
    return g_strdup (gtk_string_list_get_string (list, at));
  day = g_date_time_add_days (now, -days[MIN (at, G_N_ELEMENTS (days) - 1)]);
  return g_date_time_format (day, "%Y-%m-%d");
}

static void
select_value (LimnFacetsButton *self,
              int               facet,
              const char       *value)
{
  GListModel *model = gtk_drop_down_get_model (self->drop_downs[facet]);
  guint       found = 0;

  for (guint i = 1; value != NULL && i < g_list_model_get_n_items (model) && found == 0; i++)
    {
      g_autofree char *known = value_at (self, facet, i);

      if (g_ascii_strcasecmp (known, value) == 0)
        found = i;
    }
  self->showing = TRUE;
  gtk_drop_down_set_selected (self->drop_downs[facet], found);
  self->showing = FALSE;
}

static void
show_query (LimnFacetsButton *self)
{
  gsize wrong;
  g_autoptr (GPtrArray) terms = limn_query_split (self->query != NULL ? self->query : "", &wrong, NULL);

  for (int i = 0; i < N_FACETS; i++)
    select_value (self, i, value_of (terms, facets[i].key));
}

void
limn_facets_button_set_query (LimnFacetsButton *self,
                              const char       *query)
{
  g_free (self->query);
  self->query = g_strdup (query);
  show_query (self);
}

static void
on_selected (GtkDropDown      *drop_down,
             GParamSpec       *spec,
             LimnFacetsButton *self)
{
  int              facet = 0;
  g_autofree char *value = NULL;
  g_autofree char *term = NULL;

  if (self->showing || self->studio == NULL)
    return;
  while (facet < N_FACETS - 1 && self->drop_downs[facet] != drop_down)
    facet++;
  value = value_at (self, facet, gtk_drop_down_get_selected (drop_down));
  if (value != NULL && (facet == RATING || facet == AFTER))
    term = g_strdup_printf ("%s:%s", facets[facet].key, value);
  else if (value != NULL)
    term = limn_query_term_format (facets[facet].key, value);
  g_signal_emit_by_name (self, "facet", facets[facet].key, term);
}

/* One facet's answer on its way. */
typedef struct
{
  LimnFacetsButton *self;
  int               facet;
} Asked;

static void
on_names (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Asked *asked = data;
  g_autoptr (LimnFacetsButton) self = asked->self;
  g_autoptr (GPtrArray) names = limn_library_names_finish (LIMN_LIBRARY (source), result, NULL);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  if (names == NULL || self->studio == NULL)
    return;
  gtk_string_list_append (list, _ ("Any"));
  for (guint i = 0; i < names->len; i++)
    {
      const LimnName *name = names->pdata[i];

      if (name->count > 0)
        gtk_string_list_append (list, name->name);
    }
  self->showing = TRUE;
  gtk_drop_down_set_model (self->drop_downs[asked->facet], G_LIST_MODEL (list));
  self->showing = FALSE;
  show_query (self);
}

static void
on_shown (LimnFacetsButton *self)
{
  for (int i = MODEL; i <= SAMPLER; i++)
    {
      Asked *asked = g_new0 (Asked, 1);

      *asked = (Asked){ g_object_ref (self), i };
      limn_library_names_async (limn_studio_library (self->studio), facets[i].names, NULL, on_names, asked);
    }
}

static void
on_save (LimnFacetsButton *self)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name)));

  if (*g_strstrip (name) == '\0')
    return;
  g_signal_emit_by_name (self, "save", name);
  gtk_editable_set_text (GTK_EDITABLE (self->name), "");
}

void
limn_facets_button_set_studio (LimnFacetsButton *self,
                               LimnStudio       *studio)
{
  self->studio = g_object_ref (studio);
}

static void
limn_facets_button_dispose (GObject *object)
{
  LimnFacetsButton *self = LIMN_FACETS_BUTTON (object);

  g_clear_object (&self->studio);
  g_clear_pointer (&self->query, g_free);
  G_OBJECT_CLASS (limn_facets_button_parent_class)->dispose (object);
}

static void
limn_facets_button_class_init (LimnFacetsButtonClass *class)
{
  static const char *const ids[N_FACETS] = { "model", "lora", "style", "sampler", "rating", "after" };
  GtkWidgetClass          *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_facets_button_dispose;
  g_signal_new ("facet", LIMN_TYPE_FACETS_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  g_signal_new ("save", LIMN_TYPE_FACETS_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/facets-button.ui");
  for (int i = 0; i < N_FACETS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, ids[i], FALSE, G_STRUCT_OFFSET (LimnFacetsButton, drop_downs[0]) + (goffset) i * (goffset) sizeof (gpointer));
  gtk_widget_class_bind_template_child (widget_class, LimnFacetsButton, name);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_shown);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
}

static void
limn_facets_button_init (LimnFacetsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
