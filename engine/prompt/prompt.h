/* The prompt language of AUTOMATIC1111: weights, switches, alternation, AND, BREAK, tags and choices.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"

G_BEGIN_DECLS

/* All of it is pure: the same arguments give the same result, from any thread. Time grows linearly with the text. Bytes that are no UTF-8 are
 * text like any other.
 *
 * Order: limn_prompt_expand() makes the choices, limn_prompt_take_tags() takes out <lora:…>, limn_prompt_parse() reads what is left, and
 * limn_prompt_text() and limn_prompt_segments() tell what is to be encoded at a step. */

/* --- choices ----------------------------------------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable) (array zero-terminated=1): the lines of the wildcard file @name, "colours/warm"; %NULL if there is none */
typedef const char *const *(*LimnWildcardFunc) (const char *name,
                                                gpointer    data);

/**
 * limn_prompt_expand:
 * @wildcards: (nullable): %NULL knows no file
 *
 * Makes every choice: one of {red|green|blue}, one line of __name__; both nest, and a line may hold either. "\{", "\|" and "\}" are
 * literal and keep their backslash; braces without a "|", braces without a partner and names that are unknown stay as they are. Expanding
 * the result again changes nothing, so it is what to record.
 *
 * Returns: (transfer full): the text, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT if wildcards lead back to themselves or the text grows past
 *   all measure
 */
char *limn_prompt_expand (const char      *text,
                          guint64          seed,
                          LimnWildcardFunc wildcards,
                          gpointer         data,
                          GError         **error);

/* --- tags -------------------------------------------------------------------------------------------------------- */

typedef enum
{
  LIMN_PROMPT_TAG_LORA,       /* <lora:name:0.8>, <lora:name:0.8:0.5>, <lora:name:te=0.8:unet=0.5>, and <lyco:…> */
  LIMN_PROMPT_TAG_IGNORED,    /* <hypernet:…> or another kind that nothing here stands for */
  LIMN_PROMPT_TAG_BAD_NUMBER, /* a weight is no number */
} LimnPromptTagKind;

/**
 * LimnPromptTag:
 * @name: of the file, without its extension
 * @text_weight, @image_weight: for the text encoder and for the generator
 * @start, @length: bytes in the text given
 *
 * Only tags of %LIMN_PROMPT_TAG_LORA are to be applied; the others are left out with a note.
 */
typedef struct
{
  LimnPromptTagKind kind;
  char             *name;
  double            text_weight, image_weight;
  gsize             start, length;
} LimnPromptTag;

/**
 * limn_prompt_take_tags:
 * @tags: (out) (optional) (transfer full) (element-type LimnPromptTag): in the order of the text
 *
 * Takes every <kind:…> out of a prompt. AUTOMATIC1111 does so with prompts only: in negative prompts such text stays text.
 *
 * Returns: (transfer full): the text without them
 */
char *limn_prompt_take_tags (const char *text,
                             GPtrArray **tags);

/* --- reading ----------------------------------------------------------------------------------------------------- */

typedef struct _LimnPrompt LimnPrompt;

/**
 * limn_prompt_parse:
 * @compose: whether AND divides the text into branches; as in AUTOMATIC1111, it does not in negative prompts
 *
 * Reads the text once. Any text is a prompt: what follows no rule is literal.
 *
 * Returns: (transfer full): a prompt that never changes
 */
LimnPrompt *limn_prompt_parse (const char *text,
                               gboolean    compose);
void        limn_prompt_free (LimnPrompt *prompt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPrompt, limn_prompt_free)

/* Branches that AND joins, at least 1, and the weight of one: "a AND b :0.5" (Liu et al., 2022). */
int    limn_prompt_branches (const LimnPrompt *prompt);
double limn_prompt_branch_weight (const LimnPrompt *prompt,
                                  int               branch);

/* Whether the text of some branch is another at another step. */
gboolean limn_prompt_changes (const LimnPrompt *prompt);

/**
 * limn_prompt_text:
 * @step: from 1
 * @steps: of the whole run
 *
 * What [a:b:when] and [a|b] leave at a step: b in all steps after @when, which is a share of the steps if it is written with a point (0.5,
 * 1.0), rounded down, else a number of steps; a, b, a, … from step 1 on. Weights and BREAK are still in it.
 *
 * AUTOMATIC1111 numbers the calls of its network from 0 and takes for call 0 what stands for step 1, so that its pictures come from step
 * MAX (1, call).
 *
 * Returns: (transfer full): the text
 */
char *limn_prompt_text (const LimnPrompt *prompt,
                        int               branch,
                        int               step,
                        int               steps);

/**
 * LimnPromptSegment:
 * @text: %NULL: BREAK, the next chunk begins here
 */
typedef struct
{
  char  *text;
  double weight;
} LimnPromptSegment;

/**
 * limn_prompt_segments:
 *
 * (x) × 1.1, [x] ÷ 1.1, (x:1.3) × 1.3, all of it multiplied where they nest; "\(", "\)", "\[", "\]" and "\\" are literal, a bracket that is
 * never closed holds to the end. Neighbours of one weight are one segment. Beyond 128 brackets in each other, more weigh nothing.
 *
 * Returns: (transfer full) (element-type LimnPromptSegment): at least one
 */
GPtrArray *limn_prompt_segments (const char *text);

/* Returns: (transfer full) (element-type LimnPromptSegment): the whole text with weight 1, for encoders that take brackets literally */
GPtrArray *limn_prompt_literal_segments (const char *text);

/**
 * LimnPromptText:
 * @segments: (element-type LimnPromptSegment)
 */
typedef struct
{
  double     weight;
  char      *text;
  GPtrArray *segments;
} LimnPromptText;

/* Returns: (transfer full) (element-type LimnPromptText): all branches at a step */
GPtrArray *limn_prompt_at_step (const LimnPrompt *prompt,
                                int               step,
                                int               steps);

/* --- colours ----------------------------------------------------------------------------------------------------- */

typedef enum
{
  LIMN_PROMPT_SPAN_TEXT, /* never in a list of spans */
  LIMN_PROMPT_SPAN_WEIGHT,
  LIMN_PROMPT_SPAN_SWITCH,
  LIMN_PROMPT_SPAN_ALTERNATE,
  LIMN_PROMPT_SPAN_AND,
  LIMN_PROMPT_SPAN_BREAK,
  LIMN_PROMPT_SPAN_ESCAPE,
  LIMN_PROMPT_SPAN_TAG,
  LIMN_PROMPT_SPAN_CHOICE,
  LIMN_PROMPT_SPAN_WILDCARD,
  LIMN_PROMPT_SPAN_UNBALANCED,
  LIMN_PROMPT_SPAN_STRAY_BAR,
  LIMN_PROMPT_SPAN_IGNORED_TAG,
  LIMN_PROMPT_SPAN_BAD_TAG,
  LIMN_PROMPT_N_SPANS
} LimnPromptSpanKind;

typedef struct
{
  LimnPromptSpanKind kind;
  gsize              start, length; /* bytes */
} LimnPromptSpan;

/**
 * limn_prompt_spans:
 * @text: as it is typed, with choices and tags
 *
 * Returns: (transfer full) (element-type LimnPromptSpan): what is not plain text, in its order, none over another
 */
GArray *limn_prompt_spans (const char *text,
                           gboolean    compose);

/* Returns: (nullable): what is wrong with a span of that kind, one sentence to be translated; %NULL: nothing */
const char *limn_prompt_span_problem (LimnPromptSpanKind kind);

G_END_DECLS
