/* Carries large things over a D-Bus connection: in sealed memory where descriptors pass, else in pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/wire/carrier.h"

#include <string.h>

#include <glib/gstdio.h>

#include "engine/wire/connection.h"
#include "engine/wire/memfd.h"

/* D-Bus takes 64 MiB at once; smaller pieces let a Ping pass between two. */
#define PIECE ((gsize) 4 << 20)

/* The largest picture there can be is 8192 × 8192 × 3 floats. */
#define MAX_CARRIED ((guint64) 1 << 30)
#define MAX_WAITING ((gsize) 2 << 30)

struct _LimnCarrier
{
  GDBusConnection *connection;
  LimnCarrierSend  send;
  gboolean         descriptors;
  GMutex           mutex;   /* of all below */
  GHashTable      *waiting; /* id → GByteArray: what has come in pieces */
  gsize            n_waiting;
  guint64          next;
};

LimnCarrier *
limn_carrier_new (GDBusConnection *connection,
                  LimnCarrierSend  send)
{
  LimnCarrier *carrier = g_new0 (LimnCarrier, 1);

  carrier->connection = g_object_ref (connection);
  carrier->send = send;
  carrier->descriptors = (g_dbus_connection_get_capabilities (connection) & G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING) != 0;
  carrier->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  g_mutex_init (&carrier->mutex);
  return carrier;
}

void
limn_carrier_free (LimnCarrier *carrier)
{
  if (carrier == NULL)
    return;
  g_object_unref (carrier->connection);
  g_hash_table_unref (carrier->waiting);
  g_mutex_clear (&carrier->mutex);
  g_free (carrier);
}

void
limn_carrier_send_to_worker (GDBusConnection *connection,
                             guint64          id,
                             GVariant        *bytes)
{
  g_dbus_connection_call (connection, NULL, LIMN_WIRE_PATH, LIMN_WIRE_INTERFACE, "Send", g_variant_new ("(t@ay)", id, bytes), NULL,
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, NULL, NULL);
}

void
limn_carrier_send_to_client (GDBusConnection *connection,
                             guint64          id,
                             GVariant        *bytes)
{
  g_dbus_connection_emit_signal (connection, NULL, LIMN_WIRE_PATH, LIMN_WIRE_INTERFACE, "Sent", g_variant_new ("(t@ay)", id, bytes), NULL);
}

GUnixFDList *
limn_carrier_descriptors (LimnCarrier *carrier)
{
  return carrier->descriptors ? g_unix_fd_list_new () : NULL;
}

void
limn_carrier_receive (LimnCarrier *carrier,
                      guint64      id,
                      GVariant    *bytes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&carrier->mutex);
  GByteArray   *whole = g_hash_table_lookup (carrier->waiting, &id);
  gsize         size;
  gconstpointer data = g_variant_get_fixed_array (bytes, &size, 1);

  if (carrier->n_waiting + size > MAX_WAITING)
    return;
  if (whole == NULL)
    {
      whole = g_byte_array_new ();
      g_hash_table_insert (carrier->waiting, g_memdup2 (&id, sizeof id), whole);
    }
  if (size > 0)
    g_byte_array_append (whole, data, size);
  carrier->n_waiting += size;
}

/* Fails where files are limited in size, or there are no more descriptors: then there are pieces. */
static GVariant *
put_descriptor (GUnixFDList  *descriptors,
                gconstpointer data,
                gsize         size)
{
  int descriptor = limn_memfd_new (data, size, NULL);
  int index;

  if (descriptor < 0)
    return NULL;

  index = g_unix_fd_list_append (descriptors, descriptor, NULL);
  g_close (descriptor, NULL);
  return index < 0 ? NULL : g_variant_new ("(th)", (guint64) size, index);
}

GVariant *
limn_carrier_put (LimnCarrier  *carrier,
                  GUnixFDList  *descriptors,
                  gconstpointer data,
                  gsize         size,
                  GError      **error)
{
  GVariant *carried = carrier->descriptors ? put_descriptor (descriptors, data, size) : NULL;
  guint64   id;

  if (carried != NULL)
    return carried;

  g_mutex_lock (&carrier->mutex);
  id = ++carrier->next;
  g_mutex_unlock (&carrier->mutex);
  for (gsize done = 0; done == 0 || done < size; done += PIECE)
    carrier->send (carrier->connection, id,
                   g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, (const guint8 *) data + done, MIN (size - done, PIECE), 1));
  return g_variant_new ("(tt)", (guint64) size, id);
}

static GBytes *
refuse (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "what the other side sent is not what it said");
  return NULL;
}

static GBytes *
take_descriptor (GUnixFDList *descriptors,
                 GVariant    *carried,
                 GError     **error)
{
  g_autofree guint8 *data = NULL;
  guint64            size;
  int                index, descriptor;
  gboolean           read;

  g_variant_get (carried, "(th)", &size, &index);
  if (descriptors == NULL || index < 0 || index >= g_unix_fd_list_get_length (descriptors) || size > MAX_CARRIED)
    return refuse (error);
  descriptor = g_unix_fd_list_get (descriptors, index, error);
  if (descriptor < 0)
    return NULL;

  data = g_try_malloc (size + 1);
  read = data != NULL ? limn_memfd_read (descriptor, data, size, error) : refuse (error) != NULL;
  g_close (descriptor, NULL);
  return read ? g_bytes_new_take (g_steal_pointer (&data), size) : NULL;
}

static GBytes *
take_pieces (LimnCarrier *carrier,
             GVariant    *carried,
             GError     **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&carrier->mutex);
  g_autofree guint64 *key = NULL;
  GByteArray         *whole = NULL;
  guint64             size, id;
  g_autoptr (GBytes) bytes = NULL;

  g_variant_get (carried, "(tt)", &size, &id);
  if (!g_hash_table_steal_extended (carrier->waiting, &id, (gpointer *) &key, (gpointer *) &whole))
    return refuse (error);
  carrier->n_waiting -= whole->len;
  bytes = g_byte_array_free_to_bytes (whole);
  return g_bytes_get_size (bytes) == size ? g_steal_pointer (&bytes) : refuse (error);
}

GBytes *
limn_carrier_take (LimnCarrier *carrier,
                   GUnixFDList *descriptors,
                   GVariant    *carried,
                   GError     **error)
{
  if (g_variant_is_of_type (carried, G_VARIANT_TYPE ("(th)")))
    return take_descriptor (descriptors, carried, error);
  if (g_variant_is_of_type (carried, G_VARIANT_TYPE ("(tt)")))
    return take_pieces (carrier, carried, error);
  return refuse (error);
}

GVariant *
limn_carrier_put_array (LimnCarrier     *carrier,
                        GUnixFDList     *descriptors,
                        const LimnArray *array,
                        GError         **error)
{
  LimnShape shape = array->shape;
  GVariant *numbers = limn_carrier_put (carrier, descriptors, array->data, limn_shape_elements (shape) * sizeof (float), error);

  return numbers != NULL ? g_variant_new ("(iiiiv)", shape.n, shape.h, shape.w, shape.c, numbers) : NULL;
}

/* Whether a shape means at most MAX_CARRIED bytes. */
static gboolean
check_shape (LimnShape shape)
{
  const int sides[] = { shape.n, shape.h, shape.w, shape.c };
  guint64   bytes = sizeof (float);

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      if (sides[i] < 1)
        return FALSE;
      bytes *= sides[i];
      if (bytes > MAX_CARRIED)
        return FALSE;
    }
  return TRUE;
}

LimnArray *
limn_carrier_take_array (LimnCarrier *carrier,
                         GUnixFDList *descriptors,
                         GVariant    *carried,
                         GError     **error)
{
  g_autoptr (GVariant) numbers = NULL;
  g_autoptr (GBytes) bytes = NULL;
  LimnShape  shape;
  LimnArray *array;

  if (!g_variant_is_of_type (carried, G_VARIANT_TYPE ("(iiiiv)")))
    return (LimnArray *) refuse (error);
  g_variant_get (carried, "(iiiiv)", &shape.n, &shape.h, &shape.w, &shape.c, &numbers);
  if (!check_shape (shape))
    return (LimnArray *) refuse (error);
  bytes = limn_carrier_take (carrier, descriptors, numbers, error);
  if (bytes == NULL || g_bytes_get_size (bytes) != limn_shape_elements (shape) * sizeof (float))
    return bytes == NULL ? NULL : (LimnArray *) refuse (error);

  array = limn_array_new (shape);
  memcpy (array->data, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return array;
}
