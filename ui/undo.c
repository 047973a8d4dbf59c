/* What was done to pictures, so that it can be undone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/undo.h"

#include "app/library/async.h"

/* Steps that are remembered. */
#define MOST 200

/* Pictures that take the same edit to be as they were. */
typedef struct
{
  LimnEditKind kind;
  int          number;
  char        *text;
  GArray      *ids;
} Part;

/* One thing that was done: what to do to have it again, and to have it undone. */
typedef struct
{
  Part      *again;
  GPtrArray *back; /* of Part */
} Step;

struct _LimnUndo
{
  GObject      parent;
  LimnLibrary *library;
  GPtrArray   *done, *undone; /* of Step */
};

enum
{
  PROP_0,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (LimnUndo, limn_undo, G_TYPE_OBJECT)

static void
part_free (Part *part)
{
  g_free (part->text);
  g_array_unref (part->ids);
  g_free (part);
}

static Part *
part_new (LimnEditKind kind,
          int          number,
          const char  *text)
{
  Part *part = g_new0 (Part, 1);

  *part = (Part){ kind, number, g_strdup (text), g_array_new (FALSE, FALSE, sizeof (gint64)) };
  return part;
}

static void
step_free (Step *step)
{
  part_free (step->again);
  g_ptr_array_unref (step->back);
  g_free (step);
}

static void
notify (LimnUndo *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_REDO]);
}

static void
on_edited (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (LimnUndo) self = data;
  g_autoptr (GError) error = NULL;

  if (!limn_library_edit_finish (LIMN_LIBRARY (object), result, &error))
    g_signal_emit_by_name (self, "failed", error->message);
}

static void
apply (LimnUndo   *self,
       const Part *part)
{
  LimnEdit edit = { part->kind, part->number, part->text };

  if (part->ids->len > 0)
    limn_library_edit_async (self->library, &edit, (const gint64 *) part->ids->data, part->ids->len, NULL, on_edited, g_object_ref (self));
}

/* The edit that makes a picture of these facts as it is now, after @kind. */
static LimnEdit
inverse (const LimnEdit  *edit,
         const LimnFacts *facts)
{
  switch (edit->kind)
    {
    case LIMN_EDIT_RATE:
      return (LimnEdit){ .kind = LIMN_EDIT_RATE, .number = facts->rating };
    case LIMN_EDIT_STAR:
      return (LimnEdit){ .kind = LIMN_EDIT_STAR, .number = facts->starred };
    case LIMN_EDIT_TAG:
      return (LimnEdit){ .kind = g_strv_contains ((const char *const *) facts->tags, edit->text) ? LIMN_EDIT_TAG : LIMN_EDIT_UNTAG, .text = edit->text };
    case LIMN_EDIT_UNTAG:
      return (LimnEdit){ .kind = g_strv_contains ((const char *const *) facts->tags, edit->text) ? LIMN_EDIT_TAG : LIMN_EDIT_UNTAG, .text = edit->text };
    case LIMN_EDIT_ALBUM_ADD:
    case LIMN_EDIT_ALBUM_REMOVE:
      return (LimnEdit){ .kind = g_strv_contains ((const char *const *) facts->albums, edit->text) ? LIMN_EDIT_ALBUM_ADD : LIMN_EDIT_ALBUM_REMOVE, .text = edit->text };
    case LIMN_EDIT_TRASH:
    case LIMN_EDIT_RESTORE:
    default:
      return (LimnEdit){ .kind = facts->trashed != 0 ? LIMN_EDIT_TRASH : LIMN_EDIT_RESTORE };
    }
}

static void
add_back (GPtrArray      *back,
          const LimnEdit *edit,
          gint64          id)
{
  Part *part = NULL;

  for (guint i = 0; i < back->len && part == NULL; i++)
    {
      Part *known = back->pdata[i];

      if (known->kind == edit->kind && known->number == edit->number)
        part = known;
    }
  if (part == NULL)
    {
      part = part_new (edit->kind, edit->number, edit->text);
      g_ptr_array_add (back, part);
    }
  g_array_append_val (part->ids, id);
}

typedef struct
{
  LimnUndo *self;
  Part     *part;
} Asked;

/* How the pictures are before the edit: only then can it be undone. */
static void
on_facts (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Asked *asked = data;
  g_autoptr (LimnUndo) self = asked->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) facts = limn_library_facts_finish (LIMN_LIBRARY (object), result, &error);
  LimnEdit edit = { asked->part->kind, asked->part->number, asked->part->text };
  Step    *step;

  if (facts == NULL)
    {
      part_free (asked->part);
      g_signal_emit_by_name (self, "failed", error->message);
      return;
    }

  step = g_new0 (Step, 1);
  step->again = asked->part;
  step->back = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  for (guint i = 0; i < facts->len; i++)
    {
      const LimnFacts *known = facts->pdata[i];
      LimnEdit         back = inverse (&edit, known);

      add_back (step->back, &back, known->id);
    }
  apply (self, step->again);
  g_ptr_array_set_size (self->undone, 0);
  g_ptr_array_add (self->done, step);
  if (self->done->len > MOST)
    g_ptr_array_remove_index (self->done, 0);
  notify (self);
}

void
limn_undo_edit (LimnUndo       *self,
                const LimnEdit *edit,
                const gint64   *ids,
                gsize           n)
{
  Asked *asked;

  if (n == 0)
    return;

  asked = g_new0 (Asked, 1);
  asked->self = g_object_ref (self);
  asked->part = part_new (edit->kind, edit->number, edit->text);
  g_array_append_vals (asked->part->ids, ids, (guint) n);
  limn_library_facts_async (self->library, ids, n, NULL, on_facts, asked);
}

void
limn_undo_undo (LimnUndo *self)
{
  Step *step;

  if (self->done->len == 0)
    return;

  step = g_ptr_array_steal_index (self->done, self->done->len - 1);
  for (guint i = 0; i < step->back->len; i++)
    apply (self, step->back->pdata[i]);
  g_ptr_array_add (self->undone, step);
  notify (self);
}

void
limn_undo_redo (LimnUndo *self)
{
  Step *step;

  if (self->undone->len == 0)
    return;

  step = g_ptr_array_steal_index (self->undone, self->undone->len - 1);
  apply (self, step->again);
  g_ptr_array_add (self->done, step);
  notify (self);
}

LimnUndo *
limn_undo_new (LimnLibrary *library)
{
  LimnUndo *self = g_object_new (LIMN_TYPE_UNDO, NULL);

  self->library = g_object_ref (library);
  return self;
}

static void
limn_undo_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *spec)
{
  LimnUndo *self = LIMN_UNDO (object);

  g_value_set_boolean (value, (id == PROP_CAN_UNDO ? self->done : self->undone)->len > 0);
}

static void
limn_undo_finalize (GObject *object)
{
  LimnUndo *self = LIMN_UNDO (object);

  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->undone);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (limn_undo_parent_class)->finalize (object);
}

static void
limn_undo_class_init (LimnUndoClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = limn_undo_get_property;
  object_class->finalize = limn_undo_finalize;
  props[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_signal_new ("failed", LIMN_TYPE_UNDO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
limn_undo_init (LimnUndo *self)
{
  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  self->undone = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
}
