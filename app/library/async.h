/* The library for threads that must not wait, like the one that draws: each call has a finish, in the caller's main context.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/search.h"

G_BEGIN_DECLS

/* Like the functions without "async"; what they are given is copied or referred to. The library stays until they are done. */

void    limn_library_search_async (LimnLibrary        *library,
                                   const char         *text,
                                   LimnOrder           order,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            data);
GArray *limn_library_search_finish (LimnLibrary  *library,
                                    GAsyncResult *result,
                                    GError      **error);

void       limn_library_facts_async (LimnLibrary        *library,
                                     const gint64       *ids,
                                     gsize               n,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            data);
GPtrArray *limn_library_facts_finish (LimnLibrary  *library,
                                      GAsyncResult *result,
                                      GError      **error);

/* @size: that of a thumbnail, 0 for the picture itself */
void    limn_library_bytes_async (LimnLibrary        *library,
                                  gint64              id,
                                  int                 size,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            data);
GBytes *limn_library_bytes_finish (LimnLibrary  *library,
                                   GAsyncResult *result,
                                   GError      **error);

void     limn_library_edit_async (LimnLibrary        *library,
                                  const LimnEdit     *edit,
                                  const gint64       *ids,
                                  gsize               n,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            data);
gboolean limn_library_edit_finish (LimnLibrary  *library,
                                   GAsyncResult *result,
                                   GError      **error);

/**
 * limn_library_add_async:
 * @bytes: a file; it is decoded in the other thread too
 * @name: (nullable)
 */
void     limn_library_add_async (LimnLibrary        *library,
                                 GBytes             *bytes,
                                 const char         *name,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            data);
gboolean limn_library_add_finish (LimnLibrary  *library,
                                  GAsyncResult *result,
                                  LimnAdded    *added,
                                  GError      **error);

/* @kind: see limn_library_names() */
void       limn_library_names_async (LimnLibrary        *library,
                                     LimnNameKind        kind,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            data);
GPtrArray *limn_library_names_finish (LimnLibrary  *library,
                                      GAsyncResult *result,
                                      GError      **error);

void       limn_library_saved_searches_async (LimnLibrary        *library,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            data);
GPtrArray *limn_library_saved_searches_finish (LimnLibrary  *library,
                                               GAsyncResult *result,
                                               GError      **error);

/**
 * LimnNameChange:
 * @LIMN_NAME_SAVE_SEARCH: keeps the query @to as @name, or forgets it where @to is %NULL
 */
typedef enum
{
  LIMN_NAME_RENAME_ALBUM,
  LIMN_NAME_REMOVE_ALBUM,
  LIMN_NAME_SAVE_SEARCH,
  LIMN_NAME_EMPTY_TRASH
} LimnNameChange;

/* @name, @to: (nullable): as the functions of the same names take them */
void     limn_library_change_name_async (LimnLibrary        *library,
                                         LimnNameChange      change,
                                         const char         *name,
                                         const char         *to,
                                         GAsyncReadyCallback callback,
                                         gpointer            data);
gboolean limn_library_change_name_finish (LimnLibrary  *library,
                                          GAsyncResult *result,
                                          GError      **error);

G_END_DECLS
