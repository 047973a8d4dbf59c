/* What the widgets of a window share: the library, its thumbnails, what can be undone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/studio.h"

/* Some 480 thumbnails of 256 pixels: several screens full. */
#define KEPT_BYTES ((gsize) 128 * 1024 * 1024)

struct _LimnStudio
{
  GObject         parent;
  LimnLibrary    *library;
  LimnThumbnails *thumbnails;
  LimnUndo       *undo;
};

G_DEFINE_FINAL_TYPE (LimnStudio, limn_studio, G_TYPE_OBJECT)

LimnLibrary *
limn_studio_library (LimnStudio *self)
{
  return self->library;
}

LimnThumbnails *
limn_studio_thumbnails (LimnStudio *self)
{
  return self->thumbnails;
}

LimnUndo *
limn_studio_undo (LimnStudio *self)
{
  return self->undo;
}

static void
limn_studio_finalize (GObject *object)
{
  LimnStudio *self = LIMN_STUDIO (object);

  g_clear_object (&self->undo);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (limn_studio_parent_class)->finalize (object);
}

static void
limn_studio_class_init (LimnStudioClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_studio_finalize;
}

static void
limn_studio_init (LimnStudio *self)
{
}

LimnStudio *
limn_studio_new (LimnLibrary *library)
{
  LimnStudio *self = g_object_new (LIMN_TYPE_STUDIO, NULL);

  self->library = g_object_ref (library);
  self->thumbnails = limn_thumbnails_new (library, KEPT_BYTES);
  self->undo = limn_undo_new (library);
  return self;
}
