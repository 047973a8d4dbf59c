/* Carries large things over a D-Bus connection: in sealed memory where descriptors pass, else in pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#include "engine/core/tensor.h"

G_BEGIN_DECLS

/**
 * LimnCarrierSend:
 *
 * Passes a piece to the other side; it arrives before any message that is sent later.
 */
typedef void (*LimnCarrierSend) (GDBusConnection *connection,
                                 guint64          id,
                                 GVariant        *bytes);

/* One end of a connection. Any thread. */
typedef struct _LimnCarrier LimnCarrier;

LimnCarrier *limn_carrier_new (GDBusConnection *connection,
                               LimnCarrierSend  send);
void         limn_carrier_free (LimnCarrier *carrier);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnCarrier, limn_carrier_free)

/* The two pieces of code that know how each side sends. */
void limn_carrier_send_to_worker (GDBusConnection *connection,
                                  guint64          id,
                                  GVariant        *bytes);
void limn_carrier_send_to_client (GDBusConnection *connection,
                                  guint64          id,
                                  GVariant        *bytes);

/* Returns: (transfer full) (nullable): for a message that things are put beside; %NULL where descriptors do not pass: then there must be none */
GUnixFDList *limn_carrier_descriptors (LimnCarrier *carrier);

/* A piece has come. Too much of what nobody takes is forgotten: then taking it fails. */
void limn_carrier_receive (LimnCarrier *carrier,
                           guint64      id,
                           GVariant    *bytes);

/**
 * limn_carrier_put:
 * @descriptors: of the message that the variant will be in
 *
 * Returns: (transfer floating): `(th)` or `(tt)`; %NULL with an error
 */
GVariant *limn_carrier_put (LimnCarrier  *carrier,
                            GUnixFDList  *descriptors,
                            gconstpointer data,
                            gsize         size,
                            GError      **error);

/* Returns: (transfer full): what limn_carrier_put() put on the other side, or %NULL with an error; nothing is believed */
GBytes *limn_carrier_take (LimnCarrier *carrier,
                           GUnixFDList *descriptors,
                           GVariant    *carried,
                           GError     **error);

/* The same of an array: `(iiiiv)`. */
GVariant  *limn_carrier_put_array (LimnCarrier     *carrier,
                                   GUnixFDList     *descriptors,
                                   const LimnArray *array,
                                   GError         **error);
LimnArray *limn_carrier_take_array (LimnCarrier *carrier,
                                    GUnixFDList *descriptors,
                                    GVariant    *carried,
                                    GError     **error);

G_END_DECLS
