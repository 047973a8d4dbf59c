/* The error domain of app/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/error.h"

G_DEFINE_QUARK (limn - app - error - quark, limn_app_error)
