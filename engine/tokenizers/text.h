/* What is done to text before it is cut into words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* U+10FFFE, a noncharacter, in place of U+0000. */
#define LIMN_TEXT_NUL "\xf4\x8f\xbf\xbe"

/* All (transfer full); the argument is valid UTF-8. */

/* As CLIP's reference tokenizer does it: control characters vanish, Chinese characters stand alone, NFC, white space becomes one
 * space, lower case. */
char *limn_text_clean_clip (const char *text);

/* Unicode's full lower case, whatever the locale; @sigma: ς where Σ ends a word. */
char *limn_text_lower (const char *text,
                       gboolean    sigma);

char *limn_text_compose (const char *text); /* NFC */

G_END_DECLS
