/* The engine's error domain.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/error.h"

G_DEFINE_QUARK (limn_engine_error_quark, limn_engine_error)
