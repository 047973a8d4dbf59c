/* Named styles: files of other programs, applied to prompts, kept and removed; pictures that jobs start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/styles.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/draft.h"
#include "app/prompt-words.h"
#include "app/queue/inputs.h"
#include "app/queue/jobs.h"
#include "app/request-grid.h"

static void
remove_folder (const char *folder)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
}

static GPtrArray *
parse (const char *text,
       GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return limn_styles_parse (bytes, "styles", error);
}

static void
test_files (void)
{
  static const char json[] = "[{\"name\": \"Ink\", \"prompt\": \"ink of {prompt}, black\", \"negative_prompt\": \"colour\"}, {\"name\": \"\"}, 3]";
  static const char csv[] = "\xef\xbb\xbfname,prompt,negative_prompt\r\nInk,\"ink of {prompt}, \"\"black\"\"\",colour\r\n\"two\nlines\",b,\n";
  g_autoptr (GPtrArray) fooocus = parse (json, NULL);
  g_autoptr (GPtrArray) a1111 = parse (csv, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (fooocus->len, ==, 1);
  g_assert_cmpstr (limn_styles_find (fooocus, "INK")->negative, ==, "colour");
  g_assert_cmpuint (a1111->len, ==, 2);
  g_assert_cmpstr (limn_styles_find (a1111, "ink")->prompt, ==, "ink of {prompt}, \"black\"");
  g_assert_cmpstr (limn_styles_find (a1111, "two\nlines")->prompt, ==, "b");
  g_assert_null (parse ("{}", &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (parse ("[\xff]", &error));
  g_clear_error (&error);
  g_assert_null (parse ("", &error));
}

static void
test_apply (void)
{
  g_autoptr (GPtrArray) styles = parse ("[{\"name\": \"Ink\", \"prompt\": \"ink of {prompt}, black\", \"negative_prompt\": \"colour\"},"
                                        " {\"name\": \"Big\", \"prompt\": \"huge\"}]",
                                        NULL);
  static const char *const both[] = { "big", "ink", NULL }, *const none[] = { "oil", NULL };
  g_auto (LimnRequest) request = { 0 };
  g_auto (LimnRequest) copy = { 0 };
  g_autoptr (GError) error = NULL;

  limn_request_init (&request);
  limn_request_set (&request, "prompt", "a cat", NULL);
  limn_request_set (&request, "negative_prompt", "dogs", NULL);
  g_assert_true (limn_styles_apply (styles, both, &request, NULL));
  g_assert_cmpstr (request.prompt, ==, "ink of a cat, huge, black");
  g_assert_cmpstr (request.negative, ==, "dogs, colour");
  limn_request_copy (&copy, &request);
  g_assert_cmpuint (copy.styles->len, ==, 2);
  g_assert_cmpstr (copy.styles->pdata[1], ==, "Ink");
  g_assert_false (limn_styles_apply (styles, none, &request, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
}

static void
test_own (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char *csv = g_build_filename (folder, "styles.csv", NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) last = NULL;
  guint count;

  g_setenv ("LIMN_DATA_DIR", folder, TRUE);
  before = limn_styles_list ();
  g_assert_cmpuint (before->len, >, 5); /* those that ship */
  g_file_set_contents (csv, "name,prompt,negative_prompt\nMine,mine,\nWoodcut,other,\n", -1, NULL);
  g_assert_true (limn_styles_import (csv, &count, NULL));
  g_assert_cmpuint (count, ==, 2);
  after = limn_styles_list ();
  g_assert_cmpuint (after->len, ==, before->len + 1);
  g_assert_true (limn_styles_find (after, "mine")->own);
  g_assert_cmpstr (limn_styles_find (after, "Woodcut")->prompt, ==, "other");
  g_assert_true (limn_styles_remove ("woodcut", NULL));
  g_assert_false (limn_styles_remove ("Oil Painting", NULL));
  last = limn_styles_list ();
  g_assert_cmpstr (limn_styles_find (last, "Woodcut")->prompt, !=, "other");
  g_unsetenv ("LIMN_DATA_DIR");
  remove_folder (folder);
}

static void
test_draft (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_auto (LimnDraft) draft = { 0 };
  g_auto (LimnDraft) read = { 0 };
  g_auto (LimnDraft) broken = { 0 };

  g_setenv ("LIMN_DATA_DIR", folder, TRUE);
  g_assert_false (limn_draft_load (&draft));
  limn_request_set (&draft.request, "prompt", "ein \"Fuchs\"\nim Schnee", NULL);
  draft.count = 7;
  draft.source = 42;
  g_strfreev (draft.styles);
  draft.styles = g_strsplit ("a,b", ",", -1);
  g_assert_true (limn_draft_save (&draft, NULL));
  g_assert_true (limn_draft_load (&read));
  g_assert_cmpstr (read.request.prompt, ==, "ein \"Fuchs\"\nim Schnee");
  g_assert_cmpint (read.request.seed, ==, -1);
  g_assert_cmpint (read.count, ==, 7);
  g_assert_cmpint (read.source, ==, 42);
  g_assert_cmpstr (read.styles[1], ==, "b");

  path = limn_draft_place ();
  g_file_set_contents (path, "{\"request\": {\"steps\": -3}}", -1, NULL);
  g_assert_false (limn_draft_load (&broken));
  g_assert_cmpint (broken.count, ==, 1);
  g_unsetenv ("LIMN_DATA_DIR");
  remove_folder (folder);
}

static void
test_inputs (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "library.limn", NULL);
  g_autofree char *file = g_build_filename (folder, "photo.png", NULL);
  g_autoptr (LimnLibrary) library = limn_library_open (path, NULL);
  g_autoptr (GPtrArray) requests = limn_request_list_new ();
  g_autoptr (GPtrArray) rows = NULL;
  g_auto (LimnRequest) request = { 0 };
  g_autofree char *text = NULL;
  gint64           now, count;

  limn_request_init (&request);
  g_file_set_contents (file, "pixels", -1, NULL);
  limn_request_set (&request, "image", file, NULL);
  limn_request_list_add (requests, &request);
  limn_request_list_add (requests, &request);
  g_assert_true (limn_jobs_add (library, requests, 0, NULL, NULL));
  g_unlink (file);
  rows = limn_jobs_list (library, -1, &now, &count, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_true (g_str_has_suffix (((LimnJobRow *) rows->pdata[0])->request.picture, "/photo.png"));
  g_assert_cmpstr (((LimnJobRow *) rows->pdata[0])->request.picture, ==, ((LimnJobRow *) rows->pdata[1])->request.picture);
  limn_inputs_clean (library);
  g_assert_true (g_file_get_contents (((LimnJobRow *) rows->pdata[1])->request.picture, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "pixels");
  g_clear_object (&library);
  remove_folder (folder);
}

static void
assert_begin (const char *text,
              const char *begun)
{
  g_assert_cmpstr (text + limn_prompt_words_begin (text), ==, begun);
}

static void
test_words (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "library.limn", NULL);
  g_autoptr (LimnLibrary) library = limn_library_open (path, NULL);
  g_autoptr (GPtrArray) requests = limn_request_list_new ();
  g_autoptr (LimnPromptWords) words = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_auto (GStrv) prompts = NULL;
  g_auto (LimnRequest) request = { 0 };

  assert_begin ("a red ap", "ap");
  assert_begin ("a <lora:se", "<lora:se");
  assert_begin ("a <lora:sea:1> b", "b");
  assert_begin ("__col", "__col");
  assert_begin ("__colours__, Äpf", "Äpf");
  assert_begin ("a, ", "");

  limn_request_init (&request);
  limn_request_set (&request, "prompt", "a lighthouse, stormy sea", NULL);
  limn_request_list_add (requests, &request);
  limn_request_set (&request, "prompt", "a lighthouse at night", NULL);
  limn_request_list_add (requests, &request);
  g_assert_true (limn_jobs_add (library, requests, 0, NULL, NULL));
  words = limn_prompt_words_new (library);
  prompts = limn_prompt_words_prompts (words);
  g_assert_cmpuint (g_strv_length (prompts), ==, 2);
  found = limn_prompt_words_find (words, "Ligh", 5);
  g_assert_cmpuint (found->len, >=, 1);
  g_assert_cmpstr (((LimnPromptWord *) found->pdata[0])->insert, ==, "lighthouse");
  g_assert_cmpuint (((LimnPromptWord *) found->pdata[0])->uses, ==, 2);
  g_clear_object (&library);
  remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/styles/files", test_files);
  g_test_add_func ("/styles/apply", test_apply);
  g_test_add_func ("/styles/own", test_own);
  g_test_add_func ("/draft", test_draft);
  g_test_add_func ("/inputs", test_inputs);
  g_test_add_func ("/prompt-words", test_words);
  return g_test_run ();
}
