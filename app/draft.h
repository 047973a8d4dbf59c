/* What the artist is about to ask for, kept while nothing was asked yet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/**
 * LimnDraft:
 * @request: as the artist has it; a seed only where it is held on to
 * @count: how many pictures
 * @styles: (array zero-terminated=1): named styles that are not yet in the prompts
 * @source: the picture in the library that it starts from; 0: none
 */
typedef struct
{
  LimnRequest request;
  int         count;
  char      **styles;
  gint64      source;
} LimnDraft;

void limn_draft_init (LimnDraft *draft);
void limn_draft_clear (LimnDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnDraft, limn_draft_clear)

/* Returns: (transfer full): the file it is kept in, beside the library */
char *limn_draft_place (void);

/* Waits for the disk. Returns: %FALSE with %LIMN_APP_ERROR_FILE */
gboolean limn_draft_save (const LimnDraft *draft,
                          GError         **error);

/**
 * limn_draft_load:
 * @draft: (out caller-allocates): holds nothing
 *
 * Returns: %FALSE if there is none, or none that can be read; @draft is an empty one then
 */
gboolean limn_draft_load (LimnDraft *draft);

G_END_DECLS
