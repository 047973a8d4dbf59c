/* Requests as D-Bus has them, and back: the keys and values of their JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request-variant.h"

#include <json-glib/json-glib.h>

GVariant *
limn_request_to_variant (const LimnRequest *request)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autoptr (GVariant) values = NULL;

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (request, &writer);
  limn_json_writer_close (&writer, '}');
  values = json_gvariant_deserialize_data (writer.text->str, writer.text->len, "a{sv}", NULL);
  return g_variant_ref_sink (g_steal_pointer (&values));
}

gboolean
limn_request_take_variant (LimnRequest *request,
                           GVariant    *values,
                           GError     **error)
{
  gsize            size;
  g_autofree char *text = json_gvariant_serialize_data (values, &size);

  return limn_request_parse (request, text, size, "limn-engine", error);
}
