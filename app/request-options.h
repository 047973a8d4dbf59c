/* Options of commands that make a request.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/* What was typed for each of them. */
typedef struct _LimnRequestOptions LimnRequestOptions;

LimnRequestOptions *limn_request_options_new (void);
void                limn_request_options_free (LimnRequestOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnRequestOptions, limn_request_options_free)

/**
 * limn_request_options_entries:
 * @more: (array zero-terminated=1): the command's own
 *
 * Returns: (transfer full): the entries of a request, then @more; for g_free()
 */
GOptionEntry *limn_request_options_entries (LimnRequestOptions *options,
                                            const GOptionEntry *more);

/**
 * limn_request_options_apply:
 * @prompt: (nullable): as typed; "-" is read from standard input
 * @command: for messages
 *
 * The request's file first (--request); what else is typed wins.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE, %LIMN_APP_ERROR_RANGE or a file's error
 */
gboolean limn_request_options_apply (const LimnRequestOptions *options,
                                     const char               *prompt,
                                     const char               *command,
                                     LimnRequest              *request,
                                     GError                  **error);

G_END_DECLS
