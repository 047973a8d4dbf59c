/* The engine's errors as D-Bus names, so that one raised in the worker is the same error in limn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/wire/errors.h"

#include "engine/core/error.h"

#define PREFIX "app.limn.Engine1.Error."

/* The index is the code; names never change. */
static const char *const names[] = {
  [LIMN_ENGINE_ERROR_FILE] = PREFIX "File",
  [LIMN_ENGINE_ERROR_UNSUPPORTED] = PREFIX "Unsupported",
  [LIMN_ENGINE_ERROR_ARGUMENT] = PREFIX "Argument",
  [LIMN_ENGINE_ERROR_SHAPE] = PREFIX "Shape",
  [LIMN_ENGINE_ERROR_MEMORY] = PREFIX "Memory",
  [LIMN_ENGINE_ERROR_RESULT] = PREFIX "Result",
  [LIMN_ENGINE_ERROR_DEVICE] = PREFIX "Device",
  [LIMN_ENGINE_ERROR_CANCELLED] = PREFIX "Cancelled",
};

static const char *
name_of (const GError *error)
{
  if (error->domain == LIMN_ENGINE_ERROR && error->code >= 0 && (gsize) error->code < G_N_ELEMENTS (names))
    return names[error->code];
  return PREFIX "Failed";
}

void
limn_wire_error_return (GDBusMethodInvocation *invocation,
                        const GError          *error)
{
  g_autofree char *message = g_utf8_make_valid (error->message, -1);

  g_dbus_method_invocation_return_dbus_error (invocation, name_of (error), message);
}

void
limn_wire_error_decode (GError **error)
{
  g_autofree char *name = NULL;

  if (error == NULL || *error == NULL || !g_dbus_error_is_remote_error (*error))
    return;

  name = g_dbus_error_get_remote_error (*error);
  g_dbus_error_strip_remote_error (*error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        (*error)->domain = LIMN_ENGINE_ERROR;
        (*error)->code = i;
      }
}
