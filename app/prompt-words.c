/* Words that can stand in a prompt: what there is on this machine, and what was written before.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/prompt-words.h"

#include <string.h>

#include "app/models/folders.h"
#include "app/styles.h"

#define MAX_PROMPTS 1000
#define MIN_LETTERS 3
#define MAX_LETTERS 40

#define LORA "<lora:"
#define WILDCARD "__"

typedef struct
{
  LimnPromptWord word;
  char          *folded;
} Entry;

struct _LimnPromptWords
{
  GPtrArray *entries; /* of Entry: files first, then words, those that were written most first */
  char     **prompts;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->word.text);
  g_free (entry->word.insert);
  g_free (entry->folded);
  g_free (entry);
}

/* Takes @insert. */
static Entry *
add (GPtrArray   *entries,
     LimnWordKind kind,
     const char  *text,
     char        *insert)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->word = (LimnPromptWord){ kind, g_strdup (text), insert, 0 };
  entry->folded = g_utf8_casefold (text, -1);
  g_ptr_array_add (entries, entry);
  return entry;
}

/* --- what there is -------------------------------------------------------------------------------------------------- */

static void
add_files (GPtrArray    *entries,
           LimnPlaceKind place,
           LimnWordKind  kind,
           const char   *format)
{
  g_autoptr (GPtrArray) files = limn_folders_files (place);

  for (guint i = 0; i < files->len; i++)
    {
      const LimnPlaceFile *file = files->pdata[i];
      g_auto (GStrv) parts = g_strsplit (format, "%", 2);

      if (g_utf8_validate (file->name, -1, NULL))
        add (entries, kind, file->name, g_strconcat (parts[0], file->name, parts[1], NULL));
    }
}

static void
add_styles (GPtrArray *entries)
{
  g_autoptr (GPtrArray) styles = limn_styles_list ();

  for (guint i = 0; i < styles->len; i++)
    {
      const LimnStyle *style = styles->pdata[i];

      add (entries, LIMN_WORD_STYLE, style->name, g_strdup (style->name));
    }
}

/* --- what was written ----------------------------------------------------------------------------------------------- */

static void
count_word (GHashTable *counts,
            const char *text,
            gsize       size)
{
  g_autofree char *word = g_strndup (text, size);
  glong            letters = g_utf8_strlen (g_strstrip (word), -1);
  Entry           *entry;

  if (letters < MIN_LETTERS || letters > MAX_LETTERS)
    return;
  entry = g_hash_table_lookup (counts, word);
  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->word = (LimnPromptWord){ LIMN_WORD_USED, g_strdup (word), g_strdup (word), 0 };
      entry->folded = g_utf8_casefold (word, -1);
      g_hash_table_insert (counts, entry->word.text, entry);
    }
  entry->word.uses++;
}

/* Each word, and what stands between commas where that is more than one. */
static void
count_prompt (GHashTable *counts,
              const char *prompt)
{
  static const char parts[] = ",.;:()[]{}<>|\n", words[] = " ,.;:()[]{}<>|\n\t\"";

  for (const char *at = prompt; *at != '\0';)
    {
      gsize size = strcspn (at, parts);

      if (memchr (at, ' ', size) != NULL)
        count_word (counts, at, size);
      at += size + (at[size] != '\0');
    }
  for (const char *at = prompt; *at != '\0';)
    {
      gsize size = strcspn (at, words);

      count_word (counts, at, size);
      at += size + (at[size] != '\0');
    }
}

static int
by_uses (gconstpointer a,
         gconstpointer b)
{
  const Entry *left = *(Entry *const *) a, *right = *(Entry *const *) b;

  if (left->word.uses != right->word.uses)
    return left->word.uses < right->word.uses ? 1 : -1;
  return strcmp (left->folded, right->folded);
}

static void
add_used (GPtrArray *entries,
          char     **prompts)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) used = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer       entry;

  for (gsize i = 0; prompts[i] != NULL; i++)
    count_prompt (counts, prompts[i]);
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (used, entry);
  g_ptr_array_sort (used, by_uses);
  g_ptr_array_extend (entries, used, NULL, NULL);
}

/* --- the outside ---------------------------------------------------------------------------------------------------- */

LimnPromptWords *
limn_prompt_words_new (LimnLibrary *library)
{
  LimnPromptWords *words = g_atomic_rc_box_new0 (LimnPromptWords);

  words->entries = g_ptr_array_new_with_free_func (entry_free);
  words->prompts = limn_library_prompts (library, MAX_PROMPTS, NULL);
  if (words->prompts == NULL)
    words->prompts = g_new0 (char *, 1);
  add_files (words->entries, LIMN_PLACE_LORA, LIMN_WORD_LORA, LORA "%:1>");
  add_files (words->entries, LIMN_PLACE_EMBEDDING, LIMN_WORD_EMBEDDING, "%");
  add_files (words->entries, LIMN_PLACE_WILDCARDS, LIMN_WORD_WILDCARD, WILDCARD "%" WILDCARD);
  add_styles (words->entries);
  add_used (words->entries, words->prompts);
  return words;
}

LimnPromptWords *
limn_prompt_words_ref (LimnPromptWords *words)
{
  return g_atomic_rc_box_acquire (words);
}

static void
words_clear (gpointer data)
{
  LimnPromptWords *words = data;

  g_ptr_array_unref (words->entries);
  g_strfreev (words->prompts);
}

void
limn_prompt_words_unref (LimnPromptWords *words)
{
  g_atomic_rc_box_release_full (words, words_clear);
}

char **
limn_prompt_words_prompts (LimnPromptWords *words)
{
  return g_strdupv (words->prompts);
}

gsize
limn_prompt_words_begin (const char *text)
{
  const char *lora = g_strrstr (text, "<"), *wildcard = NULL, *at = text + strlen (text);
  gboolean    open = FALSE;

  if (lora != NULL && strchr (lora, '>') == NULL && strchr (lora, '\n') == NULL)
    return (gsize) (lora - text);
  for (const char *mark = strstr (text, WILDCARD); mark != NULL; mark = strstr (mark + strlen (WILDCARD), WILDCARD))
    {
      open = !open;
      wildcard = mark;
    }
  if (open && strpbrk (wildcard, " ,|{}()") == NULL)
    return (gsize) (wildcard - text);
  while (at > text)
    {
      const char *before = g_utf8_prev_char (at);
      gunichar    c = g_utf8_get_char (before);

      if (!g_unichar_isalnum (c) && !g_unichar_ismark (c) && c != '-' && c != '_' && c != '\'')
        break;
      at = before;
    }
  return (gsize) (at - text);
}

/* What is looked for, and among what. */
static const char *
read_kind (const char *begun,
           guint      *kinds)
{
  *kinds = ~0u;
  if (g_str_has_prefix (begun, WILDCARD))
    {
      *kinds = 1 << LIMN_WORD_WILDCARD;
      return begun + strlen (WILDCARD);
    }
  if (*begun != '<')
    return begun;
  *kinds = 1 << LIMN_WORD_LORA;
  return g_str_has_prefix (begun, LORA) ? begun + strlen (LORA) : "";
}

GPtrArray *
limn_prompt_words_find (LimnPromptWords *words,
                        const char      *begun,
                        guint            most)
{
  GPtrArray       *found = g_ptr_array_new ();
  guint            kinds;
  g_autofree char *wanted = g_utf8_casefold (read_kind (begun, &kinds), -1);

  for (int inside = 0; inside < 2; inside++)
    for (guint i = 0; i < words->entries->len && found->len < most; i++)
      {
        Entry      *entry = words->entries->pdata[i];
        const char *place = strstr (entry->folded, wanted);

        if ((kinds & 1 << entry->word.kind) == 0 || place == NULL || (place == entry->folded) == inside)
          continue;
        if (inside && entry->word.kind == LIMN_WORD_USED)
          continue;
        g_ptr_array_add (found, &entry->word);
      }
  return found;
}
