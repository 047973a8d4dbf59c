/* The words of pictures, kept so that they are found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/database.h"

G_BEGIN_DECLS

/* Returns: whether @text has characters of a script without spaces between words: Chinese, Japanese, Thai, …; emoji too */
gboolean limn_words_have_signs (const char *text);

/* Writes anew what is found of a picture: its prompt, its name, its tags. In the transaction that changed them. */
gboolean limn_words_update (LimnDatabase *database,
                            gint64        picture,
                            GError      **error);

/* The same for a picture that is new. */
gboolean limn_words_add (LimnDatabase *database,
                         gint64        picture,
                         const char   *prompt,
                         const char   *name,
                         const char   *tags,
                         GError      **error);

gboolean limn_words_remove (LimnDatabase *database,
                            gint64        picture,
                            GError      **error);

G_END_DECLS
