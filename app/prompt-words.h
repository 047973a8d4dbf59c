/* Words that can stand in a prompt: what there is on this machine, and what was written before.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"

G_BEGIN_DECLS

typedef enum
{
  LIMN_WORD_LORA,
  LIMN_WORD_EMBEDDING,
  LIMN_WORD_WILDCARD,
  LIMN_WORD_STYLE,
  LIMN_WORD_USED
} LimnWordKind;

/**
 * LimnPromptWord:
 * @text: what it is called
 * @insert: what to write for it: "<lora:sea:1>", "__colours__"; of a style its name, which is no part of a prompt
 * @uses: how often it was written
 */
typedef struct
{
  LimnWordKind kind;
  char        *text, *insert;
  guint        uses;
} LimnPromptWord;

/* Never changes once it is made. */
typedef struct _LimnPromptWords LimnPromptWords;

/* Returns: (transfer full): of all model folders, of styles, and of the library's latest prompts. Waits for the disk */
LimnPromptWords *limn_prompt_words_new (LimnLibrary *library);
LimnPromptWords *limn_prompt_words_ref (LimnPromptWords *words);
void             limn_prompt_words_unref (LimnPromptWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPromptWords, limn_prompt_words_unref)

/* Returns: (transfer full) (array zero-terminated=1): the latest prompts, the newest first */
char **limn_prompt_words_prompts (LimnPromptWords *words);

/**
 * limn_prompt_words_begin:
 * @text: what stands before the cursor, in one line
 *
 * Returns: bytes from the beginning of @text to what is being written: "<lora:s", "__c", or a word
 */
gsize limn_prompt_words_begin (const char *text);

/**
 * limn_prompt_words_find:
 * @begun: what is being written
 *
 * Returns: (transfer container) (element-type LimnPromptWord): what begins so, whatever the case; then what has it inside; at most @most. They live as long
 *   as @words
 */
GPtrArray *limn_prompt_words_find (LimnPromptWords *words,
                                   const char      *begun,
                                   guint            most);

G_END_DECLS
