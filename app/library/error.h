/* The error domain of the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnLibraryError:
 * @LIMN_LIBRARY_ERROR_FAILED: the file system or SQLite failed in a way that has no name here
 * @LIMN_LIBRARY_ERROR_BUSY: another program has been writing for too long
 * @LIMN_LIBRARY_ERROR_FULL: no space left; nothing was changed
 * @LIMN_LIBRARY_ERROR_READ_ONLY: the library cannot be written
 * @LIMN_LIBRARY_ERROR_DAMAGED: the file is cut or overwritten
 * @LIMN_LIBRARY_ERROR_NEWER: a newer Limn made it
 * @LIMN_LIBRARY_ERROR_FOREIGN: it is no library of Limn
 * @LIMN_LIBRARY_ERROR_CONSTRAINT: it would break a rule of the schema: a number that is not there, a picture that is there already
 * @LIMN_LIBRARY_ERROR_NOT_FOUND: no such picture, tag, album or job
 * @LIMN_LIBRARY_ERROR_STATE: what is there does not allow it, like a second result of a job
 * @LIMN_LIBRARY_ERROR_QUERY: a query that cannot be understood; the message says where
 *
 * Messages are one line: what, why, what to do.
 */
typedef enum
{
  LIMN_LIBRARY_ERROR_FAILED,
  LIMN_LIBRARY_ERROR_BUSY,
  LIMN_LIBRARY_ERROR_FULL,
  LIMN_LIBRARY_ERROR_READ_ONLY,
  LIMN_LIBRARY_ERROR_DAMAGED,
  LIMN_LIBRARY_ERROR_NEWER,
  LIMN_LIBRARY_ERROR_FOREIGN,
  LIMN_LIBRARY_ERROR_CONSTRAINT,
  LIMN_LIBRARY_ERROR_NOT_FOUND,
  LIMN_LIBRARY_ERROR_STATE,
  LIMN_LIBRARY_ERROR_QUERY
} LimnLibraryError;

#define LIMN_LIBRARY_ERROR (limn_library_error_quark ())
GQuark limn_library_error_quark (void);

G_END_DECLS
