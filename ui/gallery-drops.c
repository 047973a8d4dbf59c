/* Pictures out of the gallery and into it, by drag and drop.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/gallery-drops.h"

#include <glib/gi18n.h>

#include "app/library/async.h"
#include "app/library/import.h"
#include "ui/gallery-private.h"
#include "ui/picture-content.h"

/* --- out ------------------------------------------------------------------------------------------------------------ */

static GdkContentProvider *
on_prepare (GtkDragSource   *source,
            double           x,
            double           y,
            LimnPictureTile *tile)
{
  LimnGallery     *self = LIMN_GALLERY (gtk_widget_get_ancestor (GTK_WIDGET (tile), LIMN_TYPE_GALLERY));
  LimnPictureItem *item = limn_picture_tile_get_item (tile);
  g_autoptr (GArray) ids = NULL;
  gint64   id;
  gboolean among = FALSE;

  if (self == NULL || item == NULL)
    return NULL;

  id = limn_picture_item_id (item);
  ids = limn_gallery_get_selected (self);
  for (guint i = 0; i < ids->len; i++)
    among = among || g_array_index (ids, gint64, i) == id;
  if (!among)
    return limn_picture_content_new (limn_studio_library (self->studio), &id, 1);
  return limn_picture_content_new (limn_studio_library (self->studio), (const gint64 *) ids->data, ids->len);
}

static void
on_drag_begin (GtkDragSource   *source,
               GdkDrag         *drag,
               LimnPictureTile *tile)
{
  GdkTexture *texture = limn_picture_tile_get_texture (tile);

  if (texture != NULL)
    gtk_drag_source_set_icon (source, GDK_PAINTABLE (texture), 0, 0);
}

void
limn_gallery_add_drag (LimnGallery     *self,
                       LimnPictureTile *tile)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_prepare), tile, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (on_drag_begin), tile, 0);
  gtk_widget_add_controller (GTK_WIDGET (tile), GTK_EVENT_CONTROLLER (source));
}

/* --- in ------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  LimnLibrary *library;
  char       **paths;
  guint        added, known, failed;
  char        *reason; /* of the first failure */
} Import;

static void
import_free (Import *import)
{
  g_object_unref (import->library);
  g_strfreev (import->paths);
  g_free (import->reason);
  g_free (import);
}

static void
on_note (const LimnImportNote *note,
         gpointer              data)
{
  Import *import = data;

  if (note->id == 0)
    import->failed++;
  else if (note->known)
    import->known++;
  else
    import->added++;
  if (note->error != NULL && import->reason == NULL)
    import->reason = g_strdup (note->error->message);
}

static void
import_files (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  Import    *import = data;
  LimnImport how = { .func = on_note, .data = import, .cancellable = cancellable };
  GError    *error = NULL;

  if (limn_library_import (import->library, (const char *const *) import->paths, &how, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static char *
tell_import (const Import *import)
{
  if (import->failed > 0 && import->added == 0)
    return g_strdup_printf (_ ("Not Imported: %s"), import->reason != NULL ? import->reason : "");
  if (import->failed > 0)
    return g_strdup_printf (_ ("%u Imported, %u Not: %s"), import->added, import->failed, import->reason != NULL ? import->reason : "");
  if (import->added == 0 && import->known > 0)
    return g_strdup (_ ("Already in the Library"));
  if (import->added == 0)
    return g_strdup (_ ("No Pictures in There"));
  return g_strdup_printf (ngettext ("%u Picture Imported", "%u Pictures Imported", import->added), import->added);
}

static void
on_imported (GObject      *object,
             GAsyncResult *result,
             gpointer      data)
{
  LimnGallery *self = LIMN_GALLERY (object);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->studio == NULL)
    return;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    text = tell_import (g_task_get_task_data (G_TASK (result)));
  limn_gallery_emit_message (self, text != NULL ? text : error->message);
}

void
limn_gallery_import (LimnGallery       *self,
                     const char *const *paths)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_imported, NULL);
  Import *import = g_new0 (Import, 1);

  import->library = g_object_ref (limn_studio_library (self->studio));
  import->paths = g_strdupv ((char **) paths);
  g_task_set_task_data (task, import, (GDestroyNotify) import_free);
  g_task_run_in_thread (task, import_files);
}

static void
on_texture_added (GObject      *object,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr (LimnGallery) self = data;
  g_autoptr (GError) error = NULL;
  LimnAdded added;

  if (!limn_library_add_finish (LIMN_LIBRARY (object), result, &added, &error))
    limn_gallery_emit_message (self, error->message);
  else
    limn_gallery_emit_message (self, added.known ? _ ("Already in the Library") : _ ("Picture Imported"));
}

static gboolean
drop_files (LimnGallery *self,
            GSList      *files)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (GSList *at = files; at != NULL; at = at->next)
    {
      const char *path = g_file_peek_path (at->data);

      if (path != NULL)
        g_strv_builder_add (paths, path);
    }
  all = g_strv_builder_end (paths);
  if (all[0] == NULL)
    {
      limn_gallery_emit_message (self, _ ("These are on the network; save them first"));
      return FALSE;
    }
  limn_gallery_import (self, (const char *const *) all);
  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         LimnGallery   *self)
{
  if (G_VALUE_HOLDS (value, LIMN_TYPE_PICTURE_CONTENT)) /* it is here already */
    return FALSE;
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return drop_files (self, g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (g_value_get_object (value));

      limn_library_add_async (limn_studio_library (self->studio), bytes, NULL, NULL, on_texture_added, g_object_ref (self));
      return TRUE;
    }
  return FALSE;
}

static void
on_value (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (LimnGallery) self = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL && self->studio != NULL)
    on_drop (NULL, value, 0, 0, self);
}

void
limn_gallery_paste (LimnGallery *self)
{
  GdkClipboard      *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  GType              type = gdk_content_formats_contain_mime_type (formats, "text/uri-list") ? GDK_TYPE_FILE_LIST : GDK_TYPE_TEXTURE;

  gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, NULL, on_value, g_object_ref (self));
}

void
limn_gallery_add_drops (LimnGallery *self)
{
  GType          types[] = { LIMN_TYPE_PICTURE_CONTENT, GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
