/* Searching the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"
#include "app/library/query.h"

G_BEGIN_DECLS

/**
 * limn_library_search:
 * @text: see limn_query_parse(); "" finds all that is not in the trash
 *
 * Returns: (transfer full) (element-type gint64): the numbers of the pictures found, in @order; %LIMN_LIBRARY_ERROR_QUERY
 */
GArray *limn_library_search (LimnLibrary *library,
                             const char  *text,
                             LimnOrder    order,
                             GError     **error);

G_END_DECLS
