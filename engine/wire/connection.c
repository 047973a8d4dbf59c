/* A private D-Bus connection between limn and limn-engine, over a socket or two pipes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/wire/connection.h"

#include <glib/gstdio.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>

GIOStream *
limn_wire_stream_of_socket (int      descriptor,
                            GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (descriptor, error);

  if (socket == NULL)
    {
      g_close (descriptor, NULL);
      return NULL;
    }
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

GIOStream *
limn_wire_stream_of_pipes (int in,
                           int out)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (in, TRUE);
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (out, TRUE);

  return g_simple_io_stream_new (input, output);
}

static gboolean
allow_mechanism (GDBusAuthObserver *observer,
                 const char        *mechanism,
                 gpointer           data)
{
  return g_str_equal (mechanism, "ANONYMOUS");
}

static gboolean
authorize (GDBusAuthObserver *observer,
           GIOStream         *stream,
           GCredentials      *credentials,
           gpointer           data)
{
  return TRUE;
}

GDBusAuthObserver *
limn_wire_observer_new (void)
{
  GDBusAuthObserver *observer = g_dbus_auth_observer_new ();

  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (allow_mechanism), NULL);
  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (authorize), NULL);
  return observer;
}
