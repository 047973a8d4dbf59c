/* The engine's error domain.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnEngineError:
 * @LIMN_ENGINE_ERROR_FILE: a model file is missing, unreadable, truncated or lies about itself
 * @LIMN_ENGINE_ERROR_UNSUPPORTED: a file or a setting is sound, but nothing here can use it
 * @LIMN_ENGINE_ERROR_ARGUMENT: a value asked for is out of range or unknown
 * @LIMN_ENGINE_ERROR_SHAPE: tensors do not fit together (a wrong or damaged model)
 * @LIMN_ENGINE_ERROR_MEMORY: not enough memory; the message names what is needed and what there is
 * @LIMN_ENGINE_ERROR_RESULT: a computation gave NaN, infinity or a constant
 * @LIMN_ENGINE_ERROR_DEVICE: the graphics card or its driver cannot be used, or stopped answering
 * @LIMN_ENGINE_ERROR_CANCELLED: the caller asked to stop
 *
 * Messages are one line: what, where, what to do.
 */
typedef enum
{
  LIMN_ENGINE_ERROR_FILE,
  LIMN_ENGINE_ERROR_UNSUPPORTED,
  LIMN_ENGINE_ERROR_ARGUMENT,
  LIMN_ENGINE_ERROR_SHAPE,
  LIMN_ENGINE_ERROR_MEMORY,
  LIMN_ENGINE_ERROR_RESULT,
  LIMN_ENGINE_ERROR_DEVICE,
  LIMN_ENGINE_ERROR_CANCELLED
} LimnEngineError;

#define LIMN_ENGINE_ERROR (limn_engine_error_quark ())
GQuark limn_engine_error_quark (void);

G_END_DECLS
