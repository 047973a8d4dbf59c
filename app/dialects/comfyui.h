/* ComfyUI's graphs: asking a node, following a link.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Links are followed so far and no further: graphs in pictures may go in circles. */
#define LIMN_COMFY_MOST_STEPS 64

/**
 * LimnComfyLink:
 * @node: (nullable): where it comes from
 * @slot: which of its outputs
 */
typedef struct
{
  JsonObject *node;
  gint64      slot;
} LimnComfyLink;

/* Returns: its kind; "" if it has none */
const char *limn_comfy_kind (JsonObject *node);

/* Returns: (nullable): what goes into the node under that name: a value or a link */
JsonNode *limn_comfy_input (JsonObject *node,
                            const char *name);

/* Returns: a link with a node, or one without if the input is none */
LimnComfyLink limn_comfy_follow (JsonObject *graph,
                                 JsonObject *node,
                                 const char *name);

/**
 * limn_comfy_value:
 * @name: of an input
 *
 * Returns: (nullable): its value, also if it comes from a node that only holds one (a primitive, a seed's node)
 */
JsonNode *limn_comfy_value (JsonObject *graph,
                            JsonObject *node,
                            const char *name);

/**
 * limn_comfy_text:
 * @link: where conditioning or a text comes from
 *
 * Goes back until there is a text, through nodes that change conditioning; what is zeroed out is no text.
 *
 * Returns: (transfer full) (nullable): the text
 */
char *limn_comfy_text (JsonObject   *graph,
                       LimnComfyLink link);

/**
 * limn_comfy_from_workflow:
 * @workflow: the editor's form of a graph, with lists of nodes, links and widgets' values
 *
 * Returns: (transfer full) (nullable): the other form, nodes by their numbers with inputs by their names; values of the widgets
 *   of nodes that come with ComfyUI and decide the picture are in it
 */
JsonObject *limn_comfy_from_workflow (JsonObject *workflow);

G_END_DECLS
