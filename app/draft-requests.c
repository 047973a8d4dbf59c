/* What a draft asks the queue for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draft-requests.h"

#include "app/queue/inputs.h"
#include "app/request-grid.h"
#include "app/styles.h"

/* What an earlier picture left behind is no longer meant. */
static void
forget_picture (LimnRequest *request)
{
  g_clear_pointer (&request->picture, g_free);
  g_clear_pointer (&request->mask, g_free);
  g_clear_pointer (&request->expand, g_free);
  request->strength = request->mask_feather = -1;
  request->mask_area = -1;
}

static gboolean
take_picture (LimnRequest *request,
              LimnLibrary *library,
              gint64       id,
              GError     **error)
{
  g_autoptr (LimnFacts) facts = limn_library_facts (library, id, error);
  g_autoptr (GBytes) bytes = facts != NULL ? limn_library_bytes (library, id, error) : NULL;
  g_autofree char *ending = facts != NULL ? g_ascii_strdown (facts->format, -1) : NULL;
  g_autofree char *name = facts == NULL ? NULL : facts->name != NULL ? g_strdup (facts->name)
                                                                     : g_strdup_printf ("picture-%" G_GINT64_FORMAT ".%s", id, ending);

  if (bytes == NULL)
    return FALSE;
  g_free (request->picture);
  request->picture = limn_inputs_keep (library, bytes, name, error);
  return request->picture != NULL;
}

GPtrArray *
limn_draft_requests (const LimnDraft *draft,
                     LimnLibrary     *library,
                     GError         **error)
{
  g_autoptr (GPtrArray) styles = draft->styles[0] != NULL ? limn_styles_list () : NULL;
  g_auto (LimnRequest) request = { 0 };

  limn_request_copy (&request, &draft->request);
  if (styles != NULL && !limn_styles_apply (styles, (const char *const *) draft->styles, &request, error))
    return NULL;
  if (draft->source == 0)
    forget_picture (&request);
  else if (!take_picture (&request, library, draft->source, error))
    return NULL;
  return limn_request_grid (&request, draft->count, NULL, error);
}
