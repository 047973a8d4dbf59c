/* The error domain of app/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnAppError:
 * @LIMN_APP_ERROR_USAGE: the command line is not what the command takes (exit code 2)
 * @LIMN_APP_ERROR_RANGE: a number is understood, but no setting
 * @LIMN_APP_ERROR_FILE: a file cannot be read or written
 * @LIMN_APP_ERROR_FORMAT: a file is not what it should be
 * @LIMN_APP_ERROR_WORKER: limn-engine could not be started, or ended by itself
 *
 * Messages are one line: what, why, what to do.
 */
typedef enum
{
  LIMN_APP_ERROR_USAGE,
  LIMN_APP_ERROR_RANGE,
  LIMN_APP_ERROR_FILE,
  LIMN_APP_ERROR_FORMAT,
  LIMN_APP_ERROR_WORKER
} LimnAppError;

#define LIMN_APP_ERROR (limn_app_error_quark ())
GQuark limn_app_error_quark (void);

G_END_DECLS
