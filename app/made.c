/* What a picture was made by: the request with everything filled in, as it is written into the picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/made.h"

#include "app/model-place.h"
#include "app/request-variant.h"

static void
take_name (char **path)
{
  g_autofree char *whole = *path;
  g_autofree char *base = whole != NULL ? g_path_get_basename (whole) : NULL;

  *path = base != NULL ? g_filename_display_name (base) : NULL;
}

gboolean
limn_made_describe (LimnRequest       *made,
                    const LimnRequest *asked,
                    const char        *model,
                    GVariant          *settings,
                    GError           **error)
{
  limn_request_copy (made, asked);
  g_clear_pointer (&made->model, g_free);
  made->model = limn_model_place_name (model);
  take_name (&made->picture);
  take_name (&made->mask);
  take_name (&made->hires_upscaler);
  for (guint i = 0; made->loras != NULL && i < made->loras->len; i++)
    take_name (&((LimnLora *) made->loras->pdata[i])->name);
  for (guint i = 0; made->embeddings != NULL && i < made->embeddings->len; i++)
    take_name ((char **) &made->embeddings->pdata[i]);
  for (guint i = 0; made->controls != NULL && i < made->controls->len; i++)
    {
      take_name (&((LimnRequestControl *) made->controls->pdata[i])->model);
      take_name (&((LimnRequestControl *) made->controls->pdata[i])->picture);
    }
  for (guint i = 0; made->parts != NULL && i < made->parts->len; i++)
    take_name (&((LimnRequestPart *) made->parts->pdata[i])->file);
  if (made->negative != NULL && *made->negative == '\0')
    g_clear_pointer (&made->negative, g_free);
  if (made->clip_skip == 1)
    made->clip_skip = -1;
  return limn_request_take_variant (made, settings, error);
}
