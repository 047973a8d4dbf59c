/* Taking care of a library: copies, checks, numbers, and what can be saved of a damaged one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"

G_BEGIN_DECLS

/**
 * limn_library_backup:
 * @path: of the copy; a file that is there is replaced when the copy is whole
 *
 * Copies the library while others read and write it, by SQLite's backup interface.
 */
gboolean limn_library_backup (LimnLibrary  *library,
                              const char   *path,
                              GCancellable *cancellable,
                              GError      **error);

typedef void (*LimnCheckFunc) (const char *line,
                               gpointer    data);

/**
 * limn_library_check:
 * @func: called with a line for each thing that is wrong
 * @checked: (out): number of pictures that were looked at
 *
 * Whether the database is sound, every picture decodes, has the size it is said to have and matches its hash, every job that is done
 * has its picture or lost it by intent, every picture has its words and its thumbnail.
 *
 * Returns: %FALSE with an error if it could not be found out; what is wrong is no error
 */
gboolean limn_library_check (LimnLibrary  *library,
                             LimnCheckFunc func,
                             gpointer      data,
                             gint64       *checked,
                             GCancellable *cancellable,
                             GError      **error);

/**
 * LimnLibraryStats:
 * @picture_bytes: of their files, @thumbnail_bytes: of thumbnails, @file_bytes: of the library's file
 * @first, @last: when they were made, microseconds since 1970; 0 where there is none
 */
typedef struct
{
  gint64 pictures, trashed, starred, rated, tags, albums, searches, edges, jobs;
  gint64 picture_bytes, thumbnail_bytes, file_bytes, first, last;
} LimnLibraryStats;

gboolean limn_library_stats (LimnLibrary      *library,
                             LimnLibraryStats *stats,
                             GError          **error);

/* Returns: (transfer full): where the library is if nothing else is said: see limn_database_place() */
char *limn_library_default_path (void);

/**
 * LimnSalvage:
 * @pictures: saved whole, @lost: known of and not saved
 * @kept: (transfer full): where the damaged file is now
 */
typedef struct
{
  gint64 pictures, lost;
  char  *kept;
} LimnSalvage;

/**
 * limn_library_salvage:
 * @path: of a damaged library that nobody has open
 *
 * Reads row by row what can be read into a new library. Pictures count as saved when their bytes match their hash. The damaged file is
 * kept as `PATH.damaged-TIME`; the new one takes its place when it is whole.
 */
gboolean limn_library_salvage (const char  *path,
                               LimnSalvage *result,
                               GError     **error);

G_END_DECLS
