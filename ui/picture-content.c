/* Pictures of the library for other programs: as files at full quality, as a texture, their prompts as text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/picture-content.h"

#include <glib/gstdio.h>

#include "app/safe-file.h"
#include "ui/texture.h"

struct _LimnPictureContent
{
  GdkContentProvider parent;
  LimnLibrary       *library;
  GArray            *ids;
};

G_DEFINE_FINAL_TYPE (LimnPictureContent, limn_picture_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
limn_picture_content_ref_formats (GdkContentProvider *provider)
{
  LimnPictureContent       *self = LIMN_PICTURE_CONTENT (provider);
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  gdk_content_formats_builder_add_gtype (builder, LIMN_TYPE_PICTURE_CONTENT);
  gdk_content_formats_builder_add_gtype (builder, GDK_TYPE_FILE_LIST);
  if (self->ids->len == 1)
    gdk_content_formats_builder_add_gtype (builder, GDK_TYPE_TEXTURE);
  gdk_content_formats_builder_add_gtype (builder, G_TYPE_STRING);
  return gdk_content_formats_union_serialize_gtypes (gdk_content_formats_builder_free_to_formats (builder));
}

static const char *
extension_of (const char *format)
{
  static const char *const extensions[][2] = { { "JPEG", "jpg" }, { "WebP", "webp" }, { "AVIF", "avif" }, { "TIFF", "tif" } };

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_strcmp0 (format, extensions[i][0]) == 0)
      return extensions[i][1];
  return "png";
}

/* The names of dropped files say what they are; nothing of the prompt is in them, as they may go anywhere. */
static GFile *
write_file (LimnPictureContent *self,
            gint64              id,
            GError            **error)
{
  g_autoptr (LimnFacts) facts = limn_library_facts (self->library, id, error);
  g_autoptr (GBytes) bytes = facts != NULL ? limn_library_bytes (self->library, id, error) : NULL;
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "limn", "dragged", NULL);
  g_autofree char *name = NULL, *path = NULL;

  if (bytes == NULL)
    return NULL;
  name = g_strdup_printf ("limn-%" G_GINT64_FORMAT ".%s", id, extension_of (facts->format));
  path = g_build_filename (folder, name, NULL);
  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), error))
    return NULL;
  return g_file_new_for_path (path);
}

static gboolean
get_files (LimnPictureContent *self,
           GValue             *value,
           GError            **error)
{
  GSList *files = NULL;

  for (guint i = 0; i < self->ids->len; i++)
    {
      GFile *file = write_file (self, g_array_index (self->ids, gint64, i), error);

      if (file == NULL)
        {
          g_slist_free_full (files, g_object_unref);
          return FALSE;
        }
      files = g_slist_append (files, file);
    }
  g_value_take_boxed (value, files);
  return TRUE;
}

static gboolean
get_texture (LimnPictureContent *self,
             GValue             *value,
             GError            **error)
{
  g_autoptr (GBytes) bytes = limn_library_bytes (self->library, g_array_index (self->ids, gint64, 0), error);
  GdkTexture *texture = bytes != NULL ? limn_texture_new_from_file (bytes, error) : NULL;

  g_value_take_object (value, texture);
  return texture != NULL;
}

static gboolean
get_text (LimnPictureContent *self,
          GValue             *value,
          GError            **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->ids->len; i++)
    {
      g_autoptr (LimnFacts) facts = limn_library_facts (self->library, g_array_index (self->ids, gint64, i), error);

      if (facts == NULL)
        return FALSE;
      if (facts->prompt != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", facts->prompt);
    }
  g_value_set_string (value, text->str);
  return TRUE;
}

static gboolean
limn_picture_content_get_value (GdkContentProvider *provider,
                                GValue             *value,
                                GError            **error)
{
  LimnPictureContent *self = LIMN_PICTURE_CONTENT (provider);

  if (G_VALUE_HOLDS (value, LIMN_TYPE_PICTURE_CONTENT))
    {
      g_value_set_object (value, self);
      return TRUE;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return get_files (self, value, error);
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    return get_texture (self, value, error);
  if (G_VALUE_HOLDS (value, G_TYPE_STRING))
    return get_text (self, value, error);
  return GDK_CONTENT_PROVIDER_CLASS (limn_picture_content_parent_class)->get_value (provider, value, error);
}

/* What was asked for as bytes of a type is made from the value by GTK's serialisers. */
static void
limn_picture_content_write_mime_type_async (GdkContentProvider *provider,
                                            const char         *mime_type,
                                            GOutputStream      *stream,
                                            int                 priority,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            data)
{
  g_autoptr (GdkContentFormats) ours = limn_picture_content_ref_formats (provider);
  g_autoptr (GdkContentFormats) types = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_new (&mime_type, 1));
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, data);
  g_auto (GValue) value = G_VALUE_INIT;
  GError *error = NULL;
  GType   type = gdk_content_formats_match_gtype (types, ours);

  if (type == G_TYPE_INVALID)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: is nothing that a picture can be given as", mime_type);
      return;
    }
  g_value_init (&value, type);
  if (!limn_picture_content_get_value (provider, &value, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  gdk_content_serialize_async (stream, mime_type, &value, priority, cancellable, callback, data);
}

static gboolean
limn_picture_content_write_mime_type_finish (GdkContentProvider *provider,
                                             GAsyncResult       *result,
                                             GError            **error)
{
  if (g_task_is_valid (result, provider))
    return g_task_propagate_boolean (G_TASK (result), error);
  return gdk_content_serialize_finish (result, error);
}

LimnLibrary *
limn_picture_content_library (LimnPictureContent *self)
{
  return self->library;
}

GArray *
limn_picture_content_ids (LimnPictureContent *self)
{
  return self->ids;
}

static void
limn_picture_content_finalize (GObject *object)
{
  LimnPictureContent *self = LIMN_PICTURE_CONTENT (object);

  g_array_unref (self->ids);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (limn_picture_content_parent_class)->finalize (object);
}

static void
limn_picture_content_class_init (LimnPictureContentClass *class)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = limn_picture_content_finalize;
  provider_class->ref_formats = limn_picture_content_ref_formats;
  provider_class->get_value = limn_picture_content_get_value;
  provider_class->write_mime_type_async = limn_picture_content_write_mime_type_async;
  provider_class->write_mime_type_finish = limn_picture_content_write_mime_type_finish;
}

static void
limn_picture_content_init (LimnPictureContent *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
}

GdkContentProvider *
limn_picture_content_new (LimnLibrary  *library,
                          const gint64 *ids,
                          gsize         n)
{
  LimnPictureContent *self = g_object_new (LIMN_TYPE_PICTURE_CONTENT, NULL);

  self->library = g_object_ref (library);
  g_array_append_vals (self->ids, ids, (guint) n);
  return GDK_CONTENT_PROVIDER (self);
}
