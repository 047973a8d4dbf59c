/* The engine's errors as D-Bus names, so that one raised in the worker is the same error in limn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Makes of an error that came over the wire the engine's error that it was; others keep theirs without D-Bus's prefix. */
void limn_wire_error_decode (GError **error);

/* Tells the caller of @invocation, which is used up. */
void limn_wire_error_return (GDBusMethodInvocation *invocation,
                             const GError          *error);

G_END_DECLS
