/* A picture on its way into the library: decoded, hashed and made small before the database is asked for anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/incoming.h"

#include "app/library/hash.h"
#include "app/library/thumbnail.h"
#include "app/metadata.h"

static void
parent_free (LimnIncomingParent *parent)
{
  g_free (parent->kind);
  g_free (parent);
}

void
limn_incoming_free (LimnIncoming *incoming)
{
  g_clear_pointer (&incoming->bytes, g_bytes_unref);
  g_clear_pointer (&incoming->hash, g_bytes_unref);
  g_clear_pointer (&incoming->small, g_bytes_unref);
  g_clear_pointer (&incoming->large, g_bytes_unref);
  g_clear_pointer (&incoming->loras, g_ptr_array_unref);
  g_clear_pointer (&incoming->styles, g_ptr_array_unref);
  g_clear_pointer (&incoming->parents, g_ptr_array_unref);
  limn_request_clear (&incoming->request);
  g_free (incoming->name);
  g_free (incoming);
}

/* The small one from the large one: what it is made of is there already, and less of it. */
static gboolean
make_thumbnails (LimnIncoming     *incoming,
                 const LimnRaster *raster,
                 GError          **error)
{
  gboolean both = MAX (incoming->width, incoming->height) > LIMN_THUMBNAIL_LARGE;
  g_autoptr (LimnRaster) large = both ? limn_thumbnail_scale (raster, LIMN_THUMBNAIL_LARGE) : NULL;
  g_autoptr (LimnRaster) small = limn_thumbnail_scale (large ? large : raster, LIMN_THUMBNAIL_SMALL);

  incoming->small = limn_thumbnail_pack (small, error);
  if (incoming->small == NULL || !both)
    return incoming->small != NULL;

  incoming->large = limn_thumbnail_pack (large, error);
  return incoming->large != NULL;
}

static void
take_styles (LimnIncoming *incoming)
{
  const GPtrArray *styles = incoming->request.styles;

  g_ptr_array_set_size (incoming->styles, 0);
  for (guint i = 0; styles != NULL && i < styles->len; i++)
    g_ptr_array_add (incoming->styles, g_strdup (styles->pdata[i]));
}

/* The metadata's request and list move here; it is left empty. */
static void
take_settings (LimnIncoming *incoming,
               LimnPicture  *picture)
{
  g_autoptr (LimnMetadata) metadata = limn_metadata_read (picture);

  incoming->request = metadata->request;
  limn_request_init (&metadata->request);
  incoming->loras = g_ptr_array_ref (metadata->loras);
  incoming->has_mask = incoming->request.mask != NULL;
  take_styles (incoming);
}

LimnIncoming *
limn_incoming_new (GBytes     *bytes,
                   const char *name,
                   GError    **error)
{
  g_autoptr (GBytes) hash = limn_hash (bytes);

  return limn_incoming_new_hashed (bytes, hash, name, error);
}

LimnIncoming *
limn_incoming_new_hashed (GBytes     *bytes,
                          GBytes     *hash,
                          const char *name,
                          GError    **error)
{
  g_autoptr (LimnIncoming) incoming = g_new0 (LimnIncoming, 1);
  g_autofree char *shown = g_filename_display_name (name ? name : "picture");
  g_autoptr (LimnPicture) picture = limn_picture_read_small (bytes, shown, LIMN_THUMBNAIL_LARGE, error);

  limn_request_init (&incoming->request);
  if (picture == NULL)
    return NULL;

  incoming->bytes = g_bytes_ref (bytes);
  incoming->hash = g_bytes_ref (hash);
  incoming->name = name ? g_path_get_basename (shown) : NULL;
  incoming->format = picture->format;
  incoming->width = picture->width;
  incoming->height = picture->height;
  incoming->styles = g_ptr_array_new_with_free_func (g_free);
  incoming->parents = g_ptr_array_new_with_free_func ((GDestroyNotify) parent_free);
  take_settings (incoming, picture);
  if (!make_thumbnails (incoming, picture->raster, error))
    return NULL;

  return g_steal_pointer (&incoming);
}

void
limn_incoming_add_parent (LimnIncoming *incoming,
                          gint64        id,
                          const char   *kind)
{
  LimnIncomingParent *parent = g_new (LimnIncomingParent, 1);

  *parent = (LimnIncomingParent){ .id = id, .kind = g_strdup (kind) };
  g_ptr_array_add (incoming->parents, parent);
}

void
limn_incoming_set_request (LimnIncoming      *incoming,
                           const LimnRequest *request)
{
  limn_request_clear (&incoming->request);
  limn_request_copy (&incoming->request, request);
  incoming->has_mask = request->mask != NULL;
  take_styles (incoming);
}
