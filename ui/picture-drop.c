/* Pictures dropped on a widget or pasted: from the gallery, from files, from other programs. They come into the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/picture-drop.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/library/async.h"
#include "app/safe-file.h"
#include "ui/picture-content.h"

#define MAX_FILE_BYTES ((gsize) 512 * 1024 * 1024)

/* One drop on its way. */
typedef struct
{
  GtkWidget          *widget;
  LimnLibrary        *library;
  LimnPictureDropFunc func;
  char               *path; /* nullable */
  GdkTexture         *texture;
  gint64              id;
} Drop;

static void
drop_free (gpointer data)
{
  Drop *drop = data;

  g_object_unref (drop->widget);
  g_object_unref (drop->library);
  g_clear_object (&drop->texture);
  g_free (drop->path);
  g_free (drop);
}

/* The file may vanish right after the drop: it is read whole first. */
static void
add_thread (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  Drop   *drop = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = drop->texture != NULL ? gdk_texture_save_to_png_bytes (drop->texture) : limn_safe_file_read (drop->path, MAX_FILE_BYTES, &error);
  g_autoptr (LimnIncoming) incoming = bytes != NULL ? limn_incoming_new (bytes, drop->path, &error) : NULL;
  LimnAdded added;

  if (incoming != NULL && limn_library_add (drop->library, &incoming, 1, &added, &error))
    {
      drop->id = added.id;
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Drop *drop = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    drop->func (drop->id, drop->widget);
  else
    g_signal_emit_by_name (drop->widget, "message", error->message);
}

static void
add (GtkWidget          *widget,
     LimnLibrary        *library,
     const char         *path,
     GdkTexture         *texture,
     LimnPictureDropFunc func)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_added, NULL);
  Drop *drop = g_new0 (Drop, 1);

  *drop = (Drop){ g_object_ref (widget), g_object_ref (library), func, g_strdup (path), texture != NULL ? g_object_ref (texture) : NULL, 0 };
  g_task_set_task_data (task, drop, drop_free);
  g_task_run_in_thread (task, add_thread);
}

gsize
limn_picture_drop_types (GType types[LIMN_PICTURE_DROP_TYPES])
{
  const GType all[LIMN_PICTURE_DROP_TYPES] = { LIMN_TYPE_PICTURE_CONTENT, GDK_TYPE_FILE_LIST, G_TYPE_FILE, GDK_TYPE_TEXTURE };

  memcpy (types, all, sizeof all);
  return LIMN_PICTURE_DROP_TYPES;
}

static gboolean
take_file (GtkWidget          *widget,
           LimnLibrary        *library,
           GFile              *file,
           LimnPictureDropFunc func)
{
  if (file == NULL || g_file_peek_path (file) == NULL)
    {
      g_signal_emit_by_name (widget, "message", _ ("This is on the network; save it first"));
      return FALSE;
    }
  add (widget, library, g_file_peek_path (file), NULL, func);
  return TRUE;
}

gboolean
limn_picture_drop_take (GtkWidget          *widget,
                        LimnLibrary        *library,
                        const GValue       *value,
                        LimnPictureDropFunc func)
{
  if (G_VALUE_HOLDS (value, LIMN_TYPE_PICTURE_CONTENT))
    {
      GArray *ids = limn_picture_content_ids (g_value_get_object (value));

      if (ids->len > 0)
        func (g_array_index (ids, gint64, 0), widget);
      return ids->len > 0;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      GSList *files = g_value_get_boxed (value);

      return take_file (widget, library, files != NULL ? files->data : NULL, func);
    }
  if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    return take_file (widget, library, g_value_get_object (value), func);
  if (!G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    return FALSE;
  add (widget, library, NULL, g_value_get_object (value), func);
  return TRUE;
}

/* What a widget takes drops for. */
typedef struct
{
  LimnLibrary        *library;
  LimnPictureDropFunc func;
} Taker;

static void
taker_free (gpointer  data,
            GClosure *closure)
{
  g_object_unref (((Taker *) data)->library);
  g_free (data);
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         Taker         *taker)
{
  return limn_picture_drop_take (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target)), taker->library, value, taker->func);
}

void
limn_picture_drop_add (GtkWidget          *widget,
                       LimnLibrary        *library,
                       LimnPictureDropFunc func)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType          types[LIMN_PICTURE_DROP_TYPES];
  Taker         *taker = g_new0 (Taker, 1);

  *taker = (Taker){ g_object_ref (library), func };
  gtk_drop_target_set_gtypes (target, types, limn_picture_drop_types (types));
  g_signal_connect_data (target, "drop", G_CALLBACK (on_drop), taker, taker_free, 0);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}
