/* How facts of files are put together; only for engine/file-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/file-info.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/**
 * limn_file_kind_find:
 * @part: (out): what diffusers calls the part that it is
 *
 * Looks @weights up among the published layouts of whole networks: sets kind, family, label and what belongs to them.
 *
 * Returns: whether it is one of them
 */
gboolean limn_file_kind_find (const LimnWeights *weights,
                              LimnFileInfo      *info,
                              const char       **part);

/* If @weights are a LoRA, which, for what family (file-lora.c). */
gboolean limn_file_lora_find (const LimnWeights *weights,
                              LimnFileInfo      *info);

/* If @weights are an upscaler or a tiny autoencoder that can be run, its facts. */
gboolean limn_file_network_find (const LimnWeights *weights,
                                 LimnFileInfo      *info);

/* What the file says of itself: title, licence, words (file-texts.c). */
void limn_file_texts_read (const LimnWeights *weights,
                           LimnFileInfo      *info);

/* (transfer full) (nullable): @text without what terminals obey, at most @limit characters; NULL for nothing. */
char *limn_file_text (const char *text,
                      gsize       limit);

/* Bytes of a file, or of all weights in a folder and its subfolders. */
guint64 limn_file_size (const char *path);

/* (transfer full): facts of what cannot be read. */
LimnFileInfo *limn_file_info_of_problem (const char   *path,
                                         gboolean      pickle,
                                         const GError *why);

G_END_DECLS
