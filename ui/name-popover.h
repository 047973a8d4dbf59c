/* Asks for a name: of an album, a tag, a search; offers those that there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LIMN_TYPE_NAME_POPOVER (limn_name_popover_get_type ())
G_DECLARE_FINAL_TYPE (LimnNamePopover, limn_name_popover, LIMN, NAME_POPOVER, GtkPopover)

typedef void (*LimnNameFunc) (const char *name,
                              gpointer    data);

/**
 * limn_name_popover_ask:
 * @parent: what it points to
 * @name: (nullable): what stands there at first
 * @known: (nullable) (array zero-terminated=1): names to choose from
 * @object: (type GObject): data of @func; nothing is called after its end
 */
void limn_name_popover_ask (GtkWidget         *parent,
                            const char        *title,
                            const char        *name,
                            const char *const *known,
                            LimnNameFunc       func,
                            gpointer           object);

G_END_DECLS
