/* A picture on its way into the library: decoded, hashed and made small before the database is asked for anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/error.h"
#include "app/request.h"

G_BEGIN_DECLS

/**
 * LimnIncomingParent:
 * @kind: what the parent was to the picture: "image", "mask", "style", "control", "upscale", …
 */
typedef struct
{
  gint64 id;
  char  *kind;
} LimnIncomingParent;

/**
 * LimnIncoming:
 * @bytes: the file as it is; the library keeps every byte of it
 * @hash: SHA-256 of it
 * @name: (nullable): of the file, without its folder
 * @format: "PNG", "JPEG", …
 * @small, @large: JPEG; @large is %NULL where the picture is no larger than that itself
 * @request: what decided it, as read from its texts; unknown if it has none
 * @loras: (element-type LimnLora), @styles: (element-type utf8)
 * @parents: (element-type LimnIncomingParent)
 * @created: microseconds since 1970; 0 for now
 * @job: its job, which becomes done; 0 if there is none
 *
 * May be changed until limn_library_add().
 */
typedef struct
{
  GBytes     *bytes, *hash, *small, *large;
  char       *name;
  const char *format;
  int         width, height;
  LimnRequest request;
  GPtrArray  *loras, *styles, *parents;
  gint64      created, job;
  gboolean    has_mask;
} LimnIncoming;

/**
 * limn_incoming_new:
 * @name: (nullable): the file's name, for the library and for messages
 *
 * Decodes all of it, so that nothing that is no picture comes in, and reads the settings in it. Any thread; takes milliseconds.
 *
 * Returns: (transfer full): the picture, or %NULL with an error of #LimnAppError or #LimnLibraryError
 */
LimnIncoming *limn_incoming_new (GBytes     *bytes,
                                 const char *name,
                                 GError    **error);

/* The same where SHA-256 of @bytes is known. */
LimnIncoming *limn_incoming_new_hashed (GBytes     *bytes,
                                        GBytes     *hash,
                                        const char *name,
                                        GError    **error);
void          limn_incoming_free (LimnIncoming *incoming);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnIncoming, limn_incoming_free)

/* Says that it was made from the picture @id, which is in the library. */
void limn_incoming_add_parent (LimnIncoming *incoming,
                               gint64        id,
                               const char   *kind);

/* Takes @request in place of what was read from the picture: what was asked for is more exact. */
void limn_incoming_set_request (LimnIncoming      *incoming,
                                const LimnRequest *request);

G_END_DECLS
