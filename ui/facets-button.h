/* What a search can be narrowed by, to choose from instead of writing it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_FACETS_BUTTON (limn_facets_button_get_type ())

/* Signals: `facet (const char *key, const char *value)`: a condition of the query, or %NULL for none; `save (const char *name)`: the search is to be kept. */
G_DECLARE_FINAL_TYPE (LimnFacetsButton, limn_facets_button, LIMN, FACETS_BUTTON, AdwBin)

void limn_facets_button_set_studio (LimnFacetsButton *button,
                                    LimnStudio       *studio);

/* @query: what is searched for: what it says of facets is shown */
void limn_facets_button_set_query (LimnFacetsButton *button,
                                   const char       *query);

G_END_DECLS
