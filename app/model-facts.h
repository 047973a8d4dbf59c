/* Facts of models and of files that go with them, for people and for programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"
#include "engine/file-info.h"

G_BEGIN_DECLS

/**
 * limn_model_facts_describe:
 * @model: (nullable): of what can be run: with its defaults
 * @json: one object instead of lines for people
 *
 * Returns: (transfer full): what it is
 */
char *limn_model_facts_describe (const LimnFileInfo  *info,
                                 const LimnModelInfo *model,
                                 gboolean             json);

/**
 * limn_model_facts_list:
 * @infos: (element-type LimnFileInfo)
 * @folder: that their paths begin with
 * @json: an array of objects instead of a line each
 */
char *limn_model_facts_list (GPtrArray  *infos,
                             const char *folder,
                             gboolean    json);

G_END_DECLS
