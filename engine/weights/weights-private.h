/* How readers and views of weights are made; only for engine/weights.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* Bytes that tensors lie in: a mapped file, or memory. */
typedef struct _LimnSource LimnSource;

/**
 * limn_source_open:
 *
 * Opens a regular file (never waits on a pipe or reads a device) and maps it.
 */
LimnSource *limn_source_open (const char *path,
                              GError    **error);
LimnSource *limn_source_new_from_bytes (GBytes *bytes);
LimnSource *limn_source_ref (LimnSource *source);
void        limn_source_unref (LimnSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnSource, limn_source_unref)

const char *limn_source_name (const LimnSource *source); /* for messages */

/* Copies bytes at @offset, read from the file rather than its mapping: fails where a mapping would fault. */
gboolean limn_source_read (const LimnSource *source,
                           gsize             offset,
                           void             *to,
                           gsize             size,
                           GError          **error);

const guint8 *limn_source_data (const LimnSource *source,
                                gsize            *size);

gboolean limn_source_is_mapped (const LimnSource *source);

/**
 * limn_source_release:
 *
 * Drops the whole pages between @begin and @begin + @size if they are the file's.
 *
 * Returns: whether @begin lies in @source
 */
gboolean limn_source_release (const LimnSource *source,
                              const guint8     *begin,
                              gsize             size);

gboolean limn_source_check (const LimnSource *source,
                            GError          **error);

/* Building: new, then any of add_source, add, skip, set_metadata, then seal. */
LimnWeights *limn_weights_new (void);
void         limn_weights_add_source (LimnWeights *weights,
                                      LimnSource  *source);
void         limn_weights_add_sources_of (LimnWeights       *weights,
                                          const LimnWeights *from);
void         limn_weights_add_skipped_of (LimnWeights       *weights,
                                          const LimnWeights *from);
void         limn_weights_add_patch (LimnWeights       *weights,
                                     struct _LimnPatch *patch);
void         limn_weights_add (LimnWeights      *weights,
                               const char       *name,
                               const LimnWeight *weight);
void         limn_weights_set_metadata (LimnWeights *weights,
                                        const char  *key,
                                        const char  *value);
void         limn_weights_add_metadata_of (LimnWeights       *weights,
                                           const LimnWeights *from);
/* Remembers a tensor that was left out, and its type's name in the file (a constant). */
void        limn_weights_skip (LimnWeights *weights,
                               const char  *name,
                               const char  *type);
const char *limn_weights_skipped (const LimnWeights *weights,
                                  const char        *name);
/* Sorts; fails if a name is there twice. */
gboolean limn_weights_seal (LimnWeights *weights,
                            GError     **error);

/* The first file, for messages. */
const char *limn_weights_where (const LimnWeights *weights);

/* Reads the header of a .safetensors file (safetensors.c); @is_pickle if its name already says that it is none. */
LimnWeights *limn_safetensors_read (LimnSource *source,
                                    gboolean    is_pickle,
                                    GError    **error);

/* Whether a file begins as GGUF does; no .safetensors file can. */
gboolean limn_gguf_is (LimnSource *source);

/* Reads the header of a GGUF file (gguf.c). */
LimnWeights *limn_gguf_read (LimnSource *source,
                             GError    **error);

/* Fails with LIMN_ENGINE_ERROR_UNSUPPORTED if a file's name (@is_pickle) or its first bytes show another format (strangers.c). */
gboolean limn_refuse_strangers (LimnSource *source,
                                gboolean    is_pickle,
                                GError    **error);

/* Whether a file begins as pickles do, or as the archives that PyTorch puts them into. */
gboolean limn_looks_pickled (LimnSource *source);

/* Opens every file that a .safetensors.index.json names (shards.c). */
LimnWeights *limn_shards_read (const char *path,
                               GError    **error);

/* (transfer full): the text of a regular file of at most @limit bytes, ended by a zero; NULL with the reason. */
char *limn_file_read (const char *path,
                      gsize       limit,
                      gsize      *size,
                      GError    **error);

/* Sets LIMN_ENGINE_ERROR_FILE "where: …" and returns FALSE. */
gboolean limn_file_error (GError    **error,
                          const char *where,
                          const char *format,
                          ...) G_GNUC_PRINTF (3, 4);

/* (transfer full): a name out of a file, fit for one line of a message. */
char *limn_printable (const char *text);

G_END_DECLS
