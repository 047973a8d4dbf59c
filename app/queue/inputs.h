/* Pictures and masks that jobs start from, kept beside the library until the jobs are over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"
#include "app/request.h"

G_BEGIN_DECLS

/**
 * limn_inputs_keep:
 * @name: of the file, without its folder: what the picture that is made says it came from
 *
 * Keeps @bytes under their hash, so that the same ones are there once. Any thread; waits for the disk.
 *
 * Returns: (transfer full): the path, for a request; or %NULL with %LIMN_APP_ERROR_FILE
 */
char *limn_inputs_keep (LimnLibrary *library,
                        GBytes      *bytes,
                        const char  *name,
                        GError     **error);

/* Keeps all pictures that @request names by paths of files that are there, and names the copies in their place. */
gboolean limn_inputs_take (LimnLibrary *library,
                           LimnRequest *request,
                           GError     **error);

/* Removes what no job that may still run names, and nobody has kept within the last day. */
void limn_inputs_clean (LimnLibrary *library);

G_END_DECLS
