/* A private D-Bus connection between limn and limn-engine, over a socket or two pipes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LIMN_WIRE_PATH "/app/limn/Engine1"
#define LIMN_WIRE_INTERFACE "app.limn.Engine1"

/* Grows when old and new do not understand each other. */
#define LIMN_WIRE_PROTOCOL 1

/* Returns: (transfer full): of a socket, which is its from now on; descriptors pass over it */
GIOStream *limn_wire_stream_of_socket (int      descriptor,
                                       GError **error);

/* Returns: (transfer full): of two descriptors, which are its from now on; descriptors do not pass */
GIOStream *limn_wire_stream_of_pipes (int in,
                                      int out);

/*
 * Who may speak is settled by who holds the other end, so nobody has to prove anything; D-Bus's greeting still has to be exchanged,
 * since it settles whether descriptors pass. Cookies in the home folder are not touched.
 */
GDBusAuthObserver *limn_wire_observer_new (void);

G_END_DECLS
