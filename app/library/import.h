/* Bringing files and folders into the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"

G_BEGIN_DECLS

/**
 * LimnImportNote:
 * @path: a file that was looked at
 * @id: its picture; 0 if it did not come in
 * @known: it was there already
 * @error: (nullable): why it did not come in
 */
typedef struct
{
  const char   *path;
  gint64        id;
  gboolean      known;
  const GError *error;
} LimnImportNote;

typedef void (*LimnImportFunc) (const LimnImportNote *note,
                                gpointer              data);

/**
 * LimnImport:
 * @threads: for decoding; 0: one a core
 * @album, @tag: (nullable): given to all that come in
 * @cancellable: (nullable): what was told about until then stays
 * @func: (nullable): called in the thread that imports, for each file, when it is in the library for good
 */
typedef struct
{
  int            threads;
  const char    *album, *tag;
  GCancellable  *cancellable;
  LimnImportFunc func;
  gpointer       data;
} LimnImport;

/**
 * limn_library_import:
 * @paths: (array zero-terminated=1): files and folders; folders are gone through with all that is in them, links to folders are not
 *   followed
 *
 * Files keep every byte; the time of a picture is that of its file. Files in folders that are no pictures are passed over without a
 * word; files named that are none are told about, as are damaged ones.
 *
 * Returns: %FALSE if the library could not be written or it was cancelled
 */
gboolean limn_library_import (LimnLibrary       *library,
                              const char *const *paths,
                              const LimnImport  *import,
                              GError           **error);

G_END_DECLS
