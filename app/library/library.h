/* The library: every picture an artist made or brought in, with all that is known of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/library/edit.h"
#include "app/library/facts.h"
#include "app/library/incoming.h"

G_BEGIN_DECLS

#define LIMN_TYPE_LIBRARY (limn_library_get_type ())
G_DECLARE_FINAL_TYPE (LimnLibrary, limn_library, LIMN, LIBRARY, GObject)

/**
 * LimnLibrary:
 *
 * All functions may be called from any thread and wait for the disk; a thread that draws calls those of app/library/async.h. What
 * is written goes through one connection on a thread of its own; readers have their own and never wait for it.
 *
 * `changed (GArray<gint64> *ids, LimnLibraryChange change)` is emitted in the main context that was the thread's default when the
 * library was opened; @ids is %NULL where it is not known which pictures, like after another program wrote.
 */

typedef enum
{
  LIMN_LIBRARY_ADDED,
  LIMN_LIBRARY_EDITED,
  LIMN_LIBRARY_REMOVED
} LimnLibraryChange;

/**
 * limn_library_open:
 * @path: (nullable): %NULL for limn_database_place()
 *
 * A library that cannot be written (a medium, rights) is opened for reading; then what writes fails with %LIMN_LIBRARY_ERROR_READ_ONLY.
 *
 * Returns: (transfer full): the library, or %NULL with a #LimnLibraryError
 */
LimnLibrary *limn_library_open (const char *path,
                                GError    **error);

const char *limn_library_path (LimnLibrary *library);
gboolean    limn_library_can_write (LimnLibrary *library);

/**
 * limn_library_poll:
 *
 * Looks whether another program has written since the last call, and emits `changed` if so. Takes microseconds; a window calls
 * it when it comes to the front, and every second while it is there.
 */
void limn_library_poll (LimnLibrary *library);

/**
 * LimnAdded:
 * @known: a picture with the same bytes was there: @id is that one, and it is as it was (but no longer in the trash if it came from a job)
 */
typedef struct
{
  gint64   id;
  gboolean known;
} LimnAdded;

/**
 * limn_library_add:
 * @incoming: (array length=n)
 * @added: (out caller-allocates) (array length=n) (nullable)
 *
 * Pictures, thumbnails, words, parents and the new state of their jobs in one transaction: all of it is there or nothing. A job that is
 * given has to be `running`; it becomes `done`, its saved latent is dropped.
 *
 * Returns: %FALSE with %LIMN_LIBRARY_ERROR_STATE for a job that is not running, %LIMN_LIBRARY_ERROR_FULL, …
 */
gboolean limn_library_add (LimnLibrary         *library,
                           LimnIncoming *const *incoming,
                           gsize                n,
                           LimnAdded           *added,
                           GError             **error);

/* @id: (out): of the picture with this SHA-256; 0 if there is none */
gboolean limn_library_find (LimnLibrary *library,
                            GBytes      *hash,
                            gint64      *id,
                            GError     **error);

/* Returns: (transfer full): the picture's file, byte for byte; %LIMN_LIBRARY_ERROR_NOT_FOUND */
GBytes *limn_library_bytes (LimnLibrary *library,
                            gint64       id,
                            GError     **error);

/**
 * limn_library_thumbnail:
 * @size: %LIMN_THUMBNAIL_SMALL or %LIMN_THUMBNAIL_LARGE
 *
 * Returns: (transfer full): a JPEG or WebP file; the picture itself where it is no larger than @size = %LIMN_THUMBNAIL_LARGE
 */
GBytes *limn_library_thumbnail (LimnLibrary *library,
                                gint64       id,
                                int          size,
                                GError     **error);

/* Returns: (transfer full): all that is known; %LIMN_LIBRARY_ERROR_NOT_FOUND */
LimnFacts *limn_library_facts (LimnLibrary *library,
                               gint64       id,
                               GError     **error);

/* Returns: (transfer full) (element-type LimnFacts): of those of @ids that are there, in their order, in one read transaction */
GPtrArray *limn_library_facts_of (LimnLibrary  *library,
                                  const gint64 *ids,
                                  gsize         n,
                                  GError      **error);

/**
 * limn_library_edit:
 * @ids: (array length=n): pictures
 *
 * Does @edit to all of them, in one transaction.
 *
 * Returns: %FALSE with %LIMN_LIBRARY_ERROR_NOT_FOUND if one is not there; nothing is changed then
 */
gboolean limn_library_edit (LimnLibrary    *library,
                            const LimnEdit *edit,
                            const gint64   *ids,
                            gsize           n,
                            GError        **error);

/* Deletes for good what is in the trash: the only thing that deletes. @removed: (out) (nullable): how many */
gboolean limn_library_empty_trash (LimnLibrary *library,
                                   gsize       *removed,
                                   GError     **error);

/**
 * LimnNameKind:
 *
 * What pictures can be sorted by in a sidebar. Names with no picture outside the trash have a count of 0.
 */
typedef enum
{
  LIMN_NAMES_TAGS,
  LIMN_NAMES_ALBUMS,
  LIMN_NAMES_MODELS,
  LIMN_NAMES_SAMPLERS,
  LIMN_NAMES_LORAS,
  LIMN_NAMES_STYLES
} LimnNameKind;

typedef struct
{
  char  *name;
  gint64 count;
} LimnName;

/* Returns: (transfer full) (element-type LimnName): sorted by name */
GPtrArray *limn_library_names (LimnLibrary *library,
                               LimnNameKind kind,
                               GError     **error);

/* Returns: (transfer full): the prompts of the latest pictures and jobs, each once, the newest first; at most @most */
char **limn_library_prompts (LimnLibrary *library,
                             guint        most,
                             GError     **error);

/* Albums come into being by the first picture; they stay when the last one leaves. Their pictures stay when they go. */
gboolean limn_library_rename_album (LimnLibrary *library,
                                    const char  *name,
                                    const char  *to,
                                    GError     **error);
gboolean limn_library_remove_album (LimnLibrary *library,
                                    const char  *name,
                                    GError     **error);

/* Puts @id before @before in an album; at its end if that is 0. */
gboolean limn_library_move_in_album (LimnLibrary *library,
                                     const char  *album,
                                     gint64       id,
                                     gint64       before,
                                     GError     **error);

typedef struct
{
  char *name, *query;
} LimnSavedSearch;

/* Keeps a query under a name, in place of the one that has it; %NULL as @query takes it away. */
gboolean limn_library_save_search (LimnLibrary *library,
                                   const char  *name,
                                   const char  *query,
                                   GError     **error);

/* Returns: (transfer full) (element-type LimnSavedSearch): sorted by name */
GPtrArray *limn_library_saved_searches (LimnLibrary *library,
                                        GError     **error);

G_END_DECLS
