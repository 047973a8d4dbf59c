/* The command line as scripts use it: exit codes, one line of error, facts. Runs the program itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "app/picture-file.h"
#include "tests/app/program-test.h"

static void
test_help (ProgramPlace *place,
           gconstpointer data)
{
  static const char *const commands[] = { "generate", "info", "devices", "bench" };
  g_auto (ProgramRan) alone = PROGRAM_RUN (place, NULL);
  g_auto (ProgramRan) version = PROGRAM_RUN (place, "--version");

  g_assert_cmpint (alone.code, ==, 0);
  g_assert_true (g_str_has_prefix (version.out, "limn "));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (ProgramRan) ran = PROGRAM_RUN (place, commands[i], "--help");

      g_assert_nonnull (strstr (alone.out, commands[i]));
      g_assert_cmpint (ran.code, ==, 0);
      g_assert_nonnull (strstr (ran.out, "--json"));
      g_assert_cmpstr (ran.err, ==, "");
    }
}

static const struct
{
  const char *arguments[8];
  int         code;
  const char *why;
} bad_uses[] = {
  { { "paint" }, 2, "is no command" },
  { { "generate" }, 2, "-o" },
  { { "generate", "x" }, 2, "-o" },
  { { "generate", "-o", "FOLDER/a.png" }, 2, "prompt is missing" },
  { { "generate", "a", "cat", "-o", "FOLDER/a.png" }, 2, "one word too many" },
  { { "generate", "x", "-o" }, 2, "missing argument" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--colour", "y" }, 2, "nknown option" },
  { { "generate", "x", "-o", "FOLDER/a.gif" }, 2, ".png" },
  { { "generate", "\xff", "-o", "FOLDER/a.png" }, 2, "UTF-8" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--steps", "12abc" }, 2, "whole number" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--steps", "0" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--steps", "-3" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--guidance", "nan" }, 2, "number" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--size", "512" }, 2, "512x512" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--size", "0x0" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--size", "-64x64" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--size", "100000x100000" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--size", "65535x65535" }, 1, "" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--size", "129x128" }, 1, "" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--seed", "1.5" }, 2, "whole number" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--count", "0" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--threads", "0" }, 1, "out of range" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--progress", "yaml" }, 2, "json" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--sampler", "magic" }, 1, "magic" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--schedule", "magic" }, 1, "magic" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--type", "f7" }, 1, "f7" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--mask", "m.png" }, 2, "--image" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--image", "FOLDER/no.png" }, 1, "no.png" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--image", "/dev/zero" }, 1, "device" },
  { { "generate", "x", "-o", "FOLDER/a.png", "--request", "/dev/zero" }, 1, "device" },
  { { "generate", "x", "-o", "FOLDER/a.png", "-m", "FOLDER/no" }, 1, "no such model" },
  { { "generate", "x", "-o", "FOLDER/no/a.png" }, 1, "no such folder" },
  { { "generate", "x", "-o", "FOLDER/no/" }, 1, "no such folder" },
  { { "generate", "x", "-o", "/dev/full" }, 1, "the disk is full" },
  { { "info" }, 2, "missing" },
  { { "info", "FOLDER/no.png" }, 1, "no.png" },
  { { "info", "/dev/zero" }, 1, "/dev/zero" },
  { { "info", "FOLDER" }, 1, "" },
  { { "devices", "x" }, 2, "one word too many" },
  { { "bench", "--size", "3x3" }, 1, "multiples" },
};

static void
test_bad_use (ProgramPlace *place,
              gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_uses); i++)
    {
      g_auto (ProgramRan) ran = program_run (place, bad_uses[i].arguments);

      program_assert_failed (&ran, bad_uses[i].code, bad_uses[i].why);
      g_assert_cmpint (program_count_files (place->folder), ==, 0);
    }
}

static void
add_length (GByteArray *file,
            guint64     length)
{
  length = GUINT64_TO_LE (length);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
}

static void
add_model (const ProgramPlace *place,
           const char         *name,
           guint64             length,
           const char         *header,
           gsize               data)
{
  g_autofree char *path = g_build_filename (place->folder, name, NULL);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree guint8 *zeros = g_malloc0 (data + 1);

  add_length (file, length);
  g_byte_array_append (file, (const guint8 *) header, strlen (header));
  g_byte_array_append (file, zeros, data);
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
}

static void
add_bad_models (const ProgramPlace *place)
{
  static const char inside[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}";
  static const char outside[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,99999999]}}";
  static const char huge[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,16]}}";
  g_autofree char  *empty = g_build_filename (place->folder, "empty.safetensors", NULL);
  g_autofree char  *text = g_build_filename (place->folder, "text.safetensors", NULL);
  g_autofree char  *pickle = g_build_filename (place->folder, "old.ckpt", NULL);
  g_autofree char  *fifo = g_build_filename (place->folder, "fifo.safetensors", NULL);
  g_autofree char  *folder = g_build_filename (place->folder, "folder", NULL);

  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (
      g_file_set_contents (text, "this is no model at all, whatever its name", -1, NULL));
  g_assert_true (g_file_set_contents (pickle, "\x80\x02}q\x01.", 6, NULL));
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  add_model (place, "long.safetensors", G_MAXUINT64, "{}", 0);
  add_model (place, "short.safetensors", 1000, "{}", 10);
  add_model (place, "outside.safetensors", strlen (outside), outside, 16);
  add_model (place, "huge.safetensors", strlen (huge), huge, 16);
  add_model (place, "truncated.safetensors", strlen (inside), inside, 5);
  add_model (place, "stranger.safetensors", strlen (inside), inside, 16);
}

static void
test_bad_models (ProgramPlace *place,
                 gconstpointer data)
{
  static const char *const models[] = {
    "empty.safetensors",
    "text.safetensors",
    "old.ckpt",
    "fifo.safetensors",
    "folder",
    "long.safetensors",
    "short.safetensors",
    "outside.safetensors",
    "huge.safetensors",
    "truncated.safetensors",
    "stranger.safetensors",
    "/dev/zero",
    "/dev/null",
  };
  int before;

  add_bad_models (place);
  before = program_count_files (place->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_auto (ProgramRan) made = PROGRAM_RUN (place, "generate", "x", "-o", "FOLDER/a.png", "-m", models[i]);
      g_auto (ProgramRan) told = PROGRAM_RUN (place, "info", models[i]);

      program_assert_failed (&made, 1, models[i]);
      program_assert_failed (&told, 1, models[i]);
    }
  g_assert_cmpint (program_count_files (place->folder), ==, before);
}

/* Of a folder, everything is told that can be, and of the rest why not. */
static void
test_folder (ProgramPlace *place,
             gconstpointer data)
{
  g_auto (ProgramRan) nothing = PROGRAM_RUN (place, "info", "FOLDER");

  program_assert_failed (&nothing, 1, "no models");
  add_bad_models (place);
  {
    g_auto (ProgramRan) list = PROGRAM_RUN (place, "info", "FOLDER", "--json"), text = PROGRAM_RUN (place, "info", "FOLDER");
    g_autoptr (JsonNode) node = json_from_string (list.out, NULL);
    JsonArray *files = json_node_get_array (node);
    guint      errors = 0;

    g_assert_cmpint (list.code, ==, 0);
    g_assert_cmpint (text.code, ==, 0);
    for (guint i = 0; i < json_array_get_length (files); i++)
      errors += json_object_has_member (json_array_get_object_element (files, i), "error");
    g_assert_cmpuint (json_array_get_length (files), ==, 10); /* all but the empty folder */
    g_assert_cmpuint (errors, ==, 9);                         /* all but the stranger */
    g_assert_nonnull (strstr (text.out, "old.ckpt: is a pickled checkpoint"));
  }
}

static double
difference (const char *a,
            const char *b)
{
  g_autoptr (LimnPicture) first = limn_picture_file_read (a, LIMN_PICTURE_PIXELS, NULL);
  g_autoptr (LimnPicture) second = limn_picture_file_read (b, LIMN_PICTURE_PIXELS, NULL);
  double most = 0;

  g_assert_true (first != NULL && second != NULL);
  g_assert_true (limn_shape_equal (first->pixels->shape, second->pixels->shape));
  for (gsize i = 0; i < limn_shape_elements (first->pixels->shape); i++)
    most = fmax (most, fabs (first->pixels->data[i] - second->pixels->data[i]));
  return most;
}

/* A picture can be made again from what is stored in it. */
static void
test_made_again (ProgramPlace *place,
                 gconstpointer data)
{
  g_autofree char *one = g_build_filename (place->folder, "one.png", NULL);
  g_autofree char *two = g_build_filename (place->folder, "two.png", NULL);
  g_autofree char *three = g_build_filename (place->folder, "three.png", NULL);
  g_autofree char *json = g_build_filename (place->folder, "request.json", NULL);

  if (!program_have_starter ())
    return;

  {
    gint64 start = g_get_monotonic_time ();
    g_auto (ProgramRan) made = PROGRAM_RUN (place, "generate", "a red apple, \"round\"\nNegative prompt: no", "-o",
                                            "one.png", "-n", "blue", "--guidance", "3.25");

    g_test_message ("from exec to the written file: %.3f s",
                    (g_get_monotonic_time () - start) / 1e6);
    g_assert_cmpstr (made.err, ==, "");
    g_assert_cmpint (made.code, ==, 0);
  }
  {
    g_auto (ProgramRan) told = PROGRAM_RUN (place, "info", "one.png", "--json");
    g_auto (ProgramRan) again = { 0 };
    g_auto (ProgramRan) other = { 0 };

    g_assert_cmpint (told.code, ==, 0);
    g_assert_true (g_file_set_contents (json, told.out, -1, NULL));
    again = PROGRAM_RUN (place, "generate", "--request", "request.json", "-o", "two.png");
    g_assert_cmpstr (again.err, ==, "");
    other = PROGRAM_RUN (place, "generate", "--request", "request.json", "-o", "three.png",
                         "--seed", "123");
    g_assert_cmpint (other.code, ==, 0);
  }

  g_assert_cmpfloat (difference (one, two), ==, 0);
  g_assert_cmpfloat (difference (one, three), >, 0.01);
}

static void
test_count (ProgramPlace *place,
            gconstpointer data)
{
  g_autofree char *three = g_build_filename (place->folder, "a-3.png", NULL);
  g_autofree char *same = g_build_filename (place->folder, "b.png", NULL);

  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) numbered = PROGRAM_RUN (place, "generate", "a tree", "-o", "a.png",
                                                "--count", "3", "--seed", "5", "--steps", "3");
    g_auto (ProgramRan) seventh = PROGRAM_RUN (place, "generate", "a tree", "-o", "b.png", "--seed", "7", "--steps", "3");

    g_assert_cmpstr (numbered.err, ==, "");
    g_assert_cmpint (numbered.code, ==, 0);
    g_assert_cmpint (program_count_files (place->folder), ==, 4);
    g_assert_cmpfloat (difference (three, same), ==, 0);
  }
  for (int i = 0; i < 3; i++)
    {
      g_auto (ProgramRan) anew = PROGRAM_RUN (place, "generate", "a tree", "-o", ".", "--seed", "5", "--steps", "2");

      g_assert_cmpint (anew.code, ==, 0);
      g_assert_cmpint (program_count_files (place->folder), ==, 5 + i);
    }
}

static void
test_picture_to_picture (ProgramPlace *place,
                         gconstpointer data)
{
  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) first = PROGRAM_RUN (place, "generate", "a tree", "-o", "a.png", "--seed", "5", "--steps", "4");
    g_auto (ProgramRan) near = PROGRAM_RUN (place, "generate", "a tree", "-o", "near.png", "--image", "a.png",
                                            "--strength", "0.3", "--seed", "6", "--json");
    g_autoptr (JsonNode) told = json_from_string (near.out, NULL);
    JsonObject *object;

    g_assert_cmpstr (near.err, ==, "");
    g_assert_cmpint (near.code, ==, 0);
    g_assert_cmpint (first.code, ==, 0);
    object = json_array_get_object_element (json_node_get_array (told), 0);
    g_assert_cmpstr (json_object_get_string_member (object, "image"), ==, "a.png");
    g_assert_cmpfloat (json_object_get_double_member (object, "strength"), ==, 0.3);
  }
}

static void
test_dump (ProgramPlace *place,
           gconstpointer data)
{
  static const char *const names[] = { "\"tokens\"", "\"text\"", "\"latent-0\"",
                                       "\"denoised-1\"", "\"latent\"", "\"image\"" };
  g_autofree char         *path = g_build_filename (place->folder, "dump", "dump.safetensors", NULL);
  g_autofree char         *file = NULL;
  gsize                    size;
  guint64                  header;

  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) ran = PROGRAM_RUN (place, "generate", "a tree", "-o", "a.png", "--dump",
                                           "dump", "--steps", "2");

    g_assert_cmpstr (ran.err, ==, "");
    g_assert_cmpint (ran.code, ==, 0);
  }

  g_assert_true (g_file_get_contents (path, &file, &size, NULL));
  memcpy (&header, file, sizeof header);
  header = GUINT64_FROM_LE (header);
  g_assert_cmpuint (header, <, size);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_nonnull (g_strstr_len (file + 8, header, names[i]));
}

static void
test_progress_json (ProgramPlace *place,
                    gconstpointer data)
{
  int samples = 0;

  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) ran = PROGRAM_RUN (place, "generate", "a tree", "-o", "a.png",
                                           "--steps", "5", "--progress", "json");
    g_auto (GStrv) lines = g_strsplit (g_strchomp (ran.err), "\n", -1);

    g_assert_cmpint (ran.code, ==, 0);
    for (int i = 0; lines[i] != NULL; i++)
      {
        g_autoptr (JsonNode) line = json_from_string (lines[i], NULL);

        g_assert_nonnull (line);
        samples += g_str_equal (
            json_object_get_string_member (json_node_get_object (line), "stage"), "sample");
      }
  }
  g_assert_cmpint (samples, >=, 5);
}

static void
ask_for_nonsense (gpointer data)
{
  g_setenv ("LIMN_DEVICE", "nonsense", TRUE);
}

/* Whoever asked for a device that is not there looks up here what there is. */
static void
test_devices (ProgramPlace *place,
              gconstpointer data)
{
  static const char *const json[] = { "devices", "--json", NULL }, *const text[] = { "devices", NULL };
  g_auto (ProgramRan) facts = program_run_with (place, ask_for_nonsense, json), said = program_run_with (place, ask_for_nonsense, text);
  g_autoptr (JsonNode) list = json_from_string (facts.out, NULL);

  g_assert_cmpint (facts.code, ==, 0);
  g_assert_cmpint (said.code, ==, 0);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
    {
      JsonObject      *device = json_array_get_object_element (json_node_get_array (list), i);
      const char      *id = json_object_get_string_member (device, "id"), *reason = json_object_get_string_member (device, "reason");
      g_autofree char *heading = g_strdup_printf ("%s: %s", id, json_object_get_string_member (device, "name"));

      g_assert_nonnull (strstr (said.out, heading));
      g_assert_nonnull (strstr (said.out, reason));
      g_assert_cmpint (json_object_get_int_member (device, "memory"), >, 0);
    }
}

static void
test_facts (ProgramPlace *place,
            gconstpointer data)
{
  g_auto (ProgramRan) devices = PROGRAM_RUN (place, "devices", "--json");
  g_autoptr (JsonNode) list = json_from_string (devices.out, NULL);
  int chosen = 0;

  g_assert_cmpint (devices.code, ==, 0);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
    chosen += json_object_get_boolean_member (
        json_array_get_object_element (json_node_get_array (list), i), "chosen");
  g_assert_cmpint (chosen, ==, 1);

  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) model = PROGRAM_RUN (place, "info", "starter", "--json");
    g_autoptr (JsonNode) node = json_from_string (model.out, NULL);

    g_assert_cmpint (model.code, ==, 0);
    g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "family"), ==,
                     "starter");
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "parameters"), >,
                     1000000);
  }
}

static void
test_bench (ProgramPlace *place,
            gconstpointer data)
{
  static const char *const keys[] = { "load_seconds",
                                      "encode_seconds",
                                      "step_seconds",
                                      "decode_seconds",
                                      "step_operations_per_second",
                                      "peak_memory" };

  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) ran = PROGRAM_RUN (place, "bench", "--json", "--steps", "1");
    g_autoptr (JsonNode) node = json_from_string (ran.out, NULL);

    g_assert_cmpstr (ran.err, ==, "");
    g_assert_cmpint (ran.code, ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
      g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (node), keys[i]),
                         >, 0);
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-line/help", ProgramPlace, NULL, program_set_up, test_help,
              program_tear_down);
  g_test_add ("/command-line/bad-use", ProgramPlace, NULL, program_set_up, test_bad_use,
              program_tear_down);
  g_test_add ("/command-line/bad-models", ProgramPlace, NULL, program_set_up, test_bad_models,
              program_tear_down);
  g_test_add ("/command-line/folder", ProgramPlace, NULL, program_set_up, test_folder,
              program_tear_down);
  g_test_add ("/command-line/made-again", ProgramPlace, NULL, program_set_up, test_made_again,
              program_tear_down);
  g_test_add ("/command-line/count", ProgramPlace, NULL, program_set_up, test_count,
              program_tear_down);
  g_test_add ("/command-line/picture-to-picture", ProgramPlace, NULL, program_set_up,
              test_picture_to_picture, program_tear_down);
  g_test_add ("/command-line/dump", ProgramPlace, NULL, program_set_up, test_dump,
              program_tear_down);
  g_test_add ("/command-line/progress-json", ProgramPlace, NULL, program_set_up,
              test_progress_json, program_tear_down);
  g_test_add ("/command-line/devices", ProgramPlace, NULL, program_set_up, test_devices,
              program_tear_down);
  g_test_add ("/command-line/facts", ProgramPlace, NULL, program_set_up, test_facts,
              program_tear_down);
  g_test_add ("/command-line/bench", ProgramPlace, NULL, program_set_up, test_bench,
              program_tear_down);
  return g_test_run ();
}
