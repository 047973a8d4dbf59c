/* What an artist does to pictures in the library: one value an action, so that it can be undone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnEditKind:
 * @LIMN_EDIT_RATE: @number is 0 (none) to 5
 * @LIMN_EDIT_STAR: @number is 1 or 0
 * @LIMN_EDIT_TAG: @text is the tag; made if it is not there
 * @LIMN_EDIT_UNTAG: @text is the tag
 * @LIMN_EDIT_ALBUM_ADD: @text is the album; made if it is not there
 * @LIMN_EDIT_ALBUM_REMOVE: @text is the album
 * @LIMN_EDIT_TRASH: to the trash; @LIMN_EDIT_RESTORE is its undo
 */
typedef enum
{
  LIMN_EDIT_RATE,
  LIMN_EDIT_STAR,
  LIMN_EDIT_TAG,
  LIMN_EDIT_UNTAG,
  LIMN_EDIT_ALBUM_ADD,
  LIMN_EDIT_ALBUM_REMOVE,
  LIMN_EDIT_TRASH,
  LIMN_EDIT_RESTORE
} LimnEditKind;

typedef struct
{
  LimnEditKind kind;
  int          number;
  const char  *text;
} LimnEdit;

G_END_DECLS
