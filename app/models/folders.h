/* Folders with models and what goes with them: ours, other programs', those that the artist named. All are read in place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"

G_BEGIN_DECLS

/* What somebody asks for by name. */
typedef enum
{
  LIMN_PLACE_MODEL,
  LIMN_PLACE_LORA,
  LIMN_PLACE_EMBEDDING,
  LIMN_PLACE_VAE,
  LIMN_PLACE_TEXT_ENCODER,
  LIMN_PLACE_CONTROL,
  LIMN_PLACE_UPSCALER,
  LIMN_PLACE_WILDCARDS,
  LIMN_N_PLACES
} LimnPlaceKind;

/**
 * limn_folders_roots:
 *
 * Returns: (transfer full) (array zero-terminated=1): folders that exist: Limn's own, those of ComfyUI, AUTOMATIC1111's program and the Hugging Face hub's cache
 *   where these usually lie ($HF_HUB_CACHE and $HF_HOME count), then those that were added
 */
char **limn_folders_roots (void);

/* Remembers a folder that exists, or forgets it; its files stay as they are. Returns: %FALSE with %LIMN_APP_ERROR_FILE */
gboolean limn_folders_add (const char *folder,
                           GError    **error);
gboolean limn_folders_remove (const char *folder,
                              GError    **error);

/* Returns: whether the artist has named @folder; others are found by themselves */
gboolean limn_folders_is_added (const char *folder);

/**
 * limn_folders_of:
 *
 * Returns: (transfer full) (array zero-terminated=1): folders that have files of @kind: those of programs by their subfolders' names; others have files
 *   of any kind
 */
char **limn_folders_of (LimnPlaceKind kind);

/**
 * LimnPlaceFile:
 * @name: without extension, in the encoding of file names
 * @within: the same with the folders it is in below the one searched: "styles/ink"
 */
typedef struct
{
  char *name, *within, *path;
} LimnPlaceFile;

/* Returns: (transfer full) (element-type LimnPlaceFile): all files of @kind, sorted by name; told from where they are and how they end, none is opened */
GPtrArray *limn_folders_files (LimnPlaceKind kind);

/**
 * limn_folders_find_named:
 * @name: with or without extension, with or without the subfolder; case counts only where it tells two apart. No path: prompts come from anywhere
 *
 * Returns: (transfer full): a path that exists, or %NULL with %LIMN_APP_ERROR_FILE: nothing is called so, or several files are
 */
char *limn_folders_find_named (LimnPlaceKind kind,
                               const char   *name,
                               GError      **error);

/* The same of a path or a name, as the artist says it. */
char *limn_folders_find (LimnPlaceKind kind,
                         const char   *name,
                         GError      **error);

G_END_DECLS
