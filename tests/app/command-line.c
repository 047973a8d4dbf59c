/* The command line as scripts use it: exit codes, one line of error, nothing half-written. Runs the program itself.
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

#define NOBODY 65534

typedef struct
{
  char *folder; /* empty at the beginning; removed at the end */
} Place;

typedef struct
{
  int   code; /* exit code; negative: the signal */
  char *out, *err;
} Ran;

static void
ran_clear (Ran *ran)
{
  g_free (ran->out);
  g_free (ran->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ran, ran_clear)

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static void
set_up (Place        *place,
        gconstpointer data)
{
  place->folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  remove_all (place->folder);
  g_free (place->folder);
}

static int
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* @arguments after the program's name; FOLDER stands for the test's folder, which is also where it runs. */
static char **
make_arguments (const Place       *place,
                const char *const *arguments)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_add (list, g_strdup (g_getenv ("LIMN_PROGRAM")));
  for (int i = 0; arguments[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (arguments[i], "FOLDER", -1);

      g_ptr_array_add (list, g_strjoinv (place->folder, parts));
    }
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

static Ran
run_with (const Place         *place,
          GSpawnChildSetupFunc prepare,
          const char *const   *arguments)
{
  g_auto (GStrv) argv = make_arguments (place, arguments);
  g_autoptr (GError) error = NULL;
  Ran ran = { 0 };
  int status;

  g_spawn_sync (place->folder, argv, NULL, G_SPAWN_DEFAULT, prepare, NULL, &ran.out, &ran.err, &status, &error);
  g_assert_no_error (error);
  ran.code = WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
  return ran;
}

static Ran
run (const Place       *place,
     const char *const *arguments)
{
  return run_with (place, NULL, arguments);
}

#define RUN(place, ...) run (place, (const char *const[]){ __VA_ARGS__, NULL })

/* One line, from us, that holds @why; and no fact on standard output. */
static void
assert_failed (const Ran  *ran,
               int         code,
               const char *why)
{
  const char *end = strchr (ran->err, '\n');

  g_test_message ("%d: %s", ran->code, ran->err);
  g_assert_cmpint (ran->code, ==, code);
  g_assert_true (g_str_has_prefix (ran->err, "limn: "));
  g_assert_true (end != NULL && end[1] == '\0');
  g_assert_nonnull (strstr (ran->err, why));
  g_assert_cmpstr (ran->out, ==, "");
}

static void
test_help (Place        *place,
           gconstpointer data)
{
  static const char *const commands[] = { "generate", "info", "devices", "bench" };
  g_auto (Ran) alone = RUN (place, NULL);
  g_auto (Ran) version = RUN (place, "--version");

  g_assert_cmpint (alone.code, ==, 0);
  g_assert_true (g_str_has_prefix (version.out, "limn "));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (Ran) ran = RUN (place, commands[i], "--help");

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
  { { "generate", "x", "-o", "FOLDER/a.png", "--lora", "y" }, 2, "nknown option" },
  { { "generate", "x", "-o", "FOLDER/a.jpg" }, 2, ".png" },
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
test_bad_use (Place        *place,
              gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_uses); i++)
    {
      g_auto (Ran) ran = run (place, bad_uses[i].arguments);

      assert_failed (&ran, bad_uses[i].code, bad_uses[i].why);
      g_assert_cmpint (count_files (place->folder), ==, 0);
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
add_model (const Place *place,
           const char  *name,
           guint64      length,
           const char  *header,
           gsize        data)
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
add_bad_models (const Place *place)
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
  g_assert_true (g_file_set_contents (text, "this is no model at all, whatever its name", -1, NULL));
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
test_bad_models (Place        *place,
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
  before = count_files (place->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_auto (Ran) made = RUN (place, "generate", "x", "-o", "FOLDER/a.png", "-m", models[i]);
      g_auto (Ran) told = RUN (place, "info", models[i]);

      assert_failed (&made, 1, models[i]);
      assert_failed (&told, 1, models[i]);
    }
  g_assert_cmpint (count_files (place->folder), ==, before);
}

static gboolean
have_starter (void)
{
  g_autofree char *index = g_build_filename (LIMN_STARTER_SOURCE_DIR, "model_index.json", NULL);

  if (g_file_test (index, G_FILE_TEST_EXISTS))
    return TRUE;

  g_test_skip ("the starter model is not in data/starter");
  return FALSE;
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
test_made_again (Place        *place,
                 gconstpointer data)
{
  g_autofree char *one = g_build_filename (place->folder, "one.png", NULL);
  g_autofree char *two = g_build_filename (place->folder, "two.png", NULL);
  g_autofree char *three = g_build_filename (place->folder, "three.png", NULL);
  g_autofree char *json = g_build_filename (place->folder, "request.json", NULL);

  if (!have_starter ())
    return;

  {
    gint64 start = g_get_monotonic_time ();
    g_auto (Ran) made = RUN (place, "generate", "a red apple, \"round\"\nNegative prompt: no", "-o", "one.png", "-n", "blue", "--guidance", "3.25");

    g_test_message ("from exec to the written file: %.3f s", (g_get_monotonic_time () - start) / 1e6);
    g_assert_cmpstr (made.err, ==, "");
    g_assert_cmpint (made.code, ==, 0);
  }
  {
    g_auto (Ran) told = RUN (place, "info", "one.png", "--json");
    g_auto (Ran) again = { 0 };
    g_auto (Ran) other = { 0 };

    g_assert_cmpint (told.code, ==, 0);
    g_assert_true (g_file_set_contents (json, told.out, -1, NULL));
    again = RUN (place, "generate", "--request", "request.json", "-o", "two.png");
    g_assert_cmpstr (again.err, ==, "");
    other = RUN (place, "generate", "--request", "request.json", "-o", "three.png", "--seed", "123");
    g_assert_cmpint (other.code, ==, 0);
  }

  g_assert_cmpfloat (difference (one, two), ==, 0);
  g_assert_cmpfloat (difference (one, three), >, 0.01);
}

static void
test_count (Place        *place,
            gconstpointer data)
{
  g_autofree char *three = g_build_filename (place->folder, "a-3.png", NULL);
  g_autofree char *same = g_build_filename (place->folder, "b.png", NULL);

  if (!have_starter ())
    return;

  {
    g_auto (Ran) numbered = RUN (place, "generate", "a tree", "-o", "a.png", "--count", "3", "--seed", "5", "--steps", "3");
    g_auto (Ran) seventh = RUN (place, "generate", "a tree", "-o", "b.png", "--seed", "7", "--steps", "3");

    g_assert_cmpstr (numbered.err, ==, "");
    g_assert_cmpint (numbered.code, ==, 0);
    g_assert_cmpint (count_files (place->folder), ==, 4);
    g_assert_cmpfloat (difference (three, same), ==, 0);
  }
  for (int i = 0; i < 3; i++)
    {
      g_auto (Ran) anew = RUN (place, "generate", "a tree", "-o", ".", "--seed", "5", "--steps", "2");

      g_assert_cmpint (anew.code, ==, 0);
      g_assert_cmpint (count_files (place->folder), ==, 5 + i);
    }
}

static void
test_picture_to_picture (Place        *place,
                         gconstpointer data)
{
  if (!have_starter ())
    return;

  {
    g_auto (Ran) first = RUN (place, "generate", "a tree", "-o", "a.png", "--seed", "5", "--steps", "4");
    g_auto (Ran) near = RUN (place, "generate", "a tree", "-o", "near.png", "--image", "a.png", "--strength", "0.3", "--seed", "6", "--json");
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
test_dump (Place        *place,
           gconstpointer data)
{
  static const char *const names[] = { "\"tokens\"", "\"text\"", "\"latent-0\"", "\"denoised-1\"", "\"latent\"", "\"image\"" };
  g_autofree char         *path = g_build_filename (place->folder, "dump", "dump.safetensors", NULL);
  g_autofree char         *file = NULL;
  gsize                    size;
  guint64                  header;

  if (!have_starter ())
    return;

  {
    g_auto (Ran) ran = RUN (place, "generate", "a tree", "-o", "a.png", "--dump", "dump", "--steps", "2");

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
test_progress_json (Place        *place,
                    gconstpointer data)
{
  int samples = 0;

  if (!have_starter ())
    return;

  {
    g_auto (Ran) ran = RUN (place, "generate", "a tree", "-o", "a.png", "--steps", "5", "--progress", "json");
    g_auto (GStrv) lines = g_strsplit (g_strchomp (ran.err), "\n", -1);

    g_assert_cmpint (ran.code, ==, 0);
    for (int i = 0; lines[i] != NULL; i++)
      {
        g_autoptr (JsonNode) line = json_from_string (lines[i], NULL);

        g_assert_nonnull (line);
        samples += g_str_equal (json_object_get_string_member (json_node_get_object (line), "stage"), "sample");
      }
  }
  g_assert_cmpint (samples, >=, 5);
}

static void
limit_files (gpointer data)
{
  struct rlimit limit = { 1000, 1000 };

  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
test_full_disk (Place        *place,
                gconstpointer data)
{
  static const char *const arguments[] = { "generate", "a tree", "-o", "a.png", "--steps", "2", NULL };

  if (!have_starter ())
    return;

  {
    g_auto (Ran) ran = run_with (place, limit_files, arguments);

    assert_failed (&ran, 1, "a.png");
    g_assert_cmpint (count_files (place->folder), ==, 0);
  }
}

static void
become_nobody (gpointer data)
{
  if (geteuid () == 0 && (setgid (NOBODY) != 0 || setuid (NOBODY) != 0))
    _exit (99);
}

static void
test_read_only_folder (Place        *place,
                       gconstpointer data)
{
  static const char *const version[] = { "--version", NULL };
  static const char *const arguments[] = { "generate", "a tree", "-o", "a.png", "--steps", "2", NULL };

  g_chmod (place->folder, 0555);
  {
    g_auto (GStrv) argv = make_arguments (place, version);
    int status = 0;

    if (!g_spawn_sync (place->folder, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, become_nobody, NULL, NULL, NULL, &status, NULL) || status != 0)
      {
        g_test_skip ("only root can run the program here, and root may write anywhere");
        return;
      }
  }
  {
    g_auto (Ran) ran = run_with (place, become_nobody, arguments);

    assert_failed (&ran, 1, "change its permissions");
    g_assert_nonnull (strstr (ran.err, place->folder));
    g_assert_cmpint (count_files (place->folder), ==, 0);
  }
}

/* Waits for the first step, sends a signal, and gives the exit code. */
static int
interrupt (const Place *place,
           int          number)
{
  static const char *const arguments[] = { "generate", "a tree", "-o", "a.png", "--steps", "1000", "--progress", "json", NULL };
  g_auto (GStrv) argv = make_arguments (place, arguments);
  g_autoptr (GError) error = NULL;
  g_autofree char *heard = g_malloc0 (1 << 20);
  gsize            size = 0;
  GPid             child;
  int              err, status;

  g_spawn_async_with_pipes (place->folder, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, NULL, NULL, &err, &error);
  g_assert_no_error (error);
  while (strstr (heard, "\"sample\"") == NULL)
    {
      ssize_t n = read (err, heard + size, (1 << 20) - 1 - size);

      g_assert_cmpint (n, >, 0);
      size += n;
    }

  g_assert_cmpint (kill (child, number), ==, 0);
  while (read (err, heard, 1 << 20) > 0)
    ;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  close (err);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_interrupt (Place        *place,
                gconstpointer data)
{
  static const int signals[] = { SIGINT, SIGTERM };

  if (!have_starter ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_assert_cmpint (interrupt (place, signals[i]), ==, 130);
      g_assert_cmpint (count_files (place->folder), ==, 0);
      g_test_message ("ended after %.2f s", (g_get_monotonic_time () - start) / 1e6);
    }
}

static void
test_facts (Place        *place,
            gconstpointer data)
{
  g_auto (Ran) devices = RUN (place, "devices", "--json");
  g_autoptr (JsonNode) list = json_from_string (devices.out, NULL);
  int chosen = 0;

  g_assert_cmpint (devices.code, ==, 0);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
    chosen += json_object_get_boolean_member (json_array_get_object_element (json_node_get_array (list), i), "chosen");
  g_assert_cmpint (chosen, ==, 1);

  if (!have_starter ())
    return;

  {
    g_auto (Ran) model = RUN (place, "info", "starter", "--json");
    g_autoptr (JsonNode) node = json_from_string (model.out, NULL);

    g_assert_cmpint (model.code, ==, 0);
    g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "family"), ==, "starter");
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "parameters"), >, 1000000);
  }
}

static void
test_bench (Place        *place,
            gconstpointer data)
{
  static const char *const keys[] = { "load_seconds", "encode_seconds", "step_seconds", "decode_seconds", "step_operations_per_second", "peak_memory" };

  if (!have_starter ())
    return;

  {
    g_auto (Ran) ran = RUN (place, "bench", "--json", "--steps", "1");
    g_autoptr (JsonNode) node = json_from_string (ran.out, NULL);

    g_assert_cmpstr (ran.err, ==, "");
    g_assert_cmpint (ran.code, ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
      g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (node), keys[i]), >, 0);
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-line/help", Place, NULL, set_up, test_help, tear_down);
  g_test_add ("/command-line/bad-use", Place, NULL, set_up, test_bad_use, tear_down);
  g_test_add ("/command-line/bad-models", Place, NULL, set_up, test_bad_models, tear_down);
  g_test_add ("/command-line/made-again", Place, NULL, set_up, test_made_again, tear_down);
  g_test_add ("/command-line/count", Place, NULL, set_up, test_count, tear_down);
  g_test_add ("/command-line/picture-to-picture", Place, NULL, set_up, test_picture_to_picture, tear_down);
  g_test_add ("/command-line/dump", Place, NULL, set_up, test_dump, tear_down);
  g_test_add ("/command-line/progress-json", Place, NULL, set_up, test_progress_json, tear_down);
  g_test_add ("/command-line/full-disk", Place, NULL, set_up, test_full_disk, tear_down);
  g_test_add ("/command-line/read-only-folder", Place, NULL, set_up, test_read_only_folder, tear_down);
  g_test_add ("/command-line/interrupt", Place, NULL, set_up, test_interrupt, tear_down);
  g_test_add ("/command-line/facts", Place, NULL, set_up, test_facts, tear_down);
  g_test_add ("/command-line/bench", Place, NULL, set_up, test_bench, tear_down);
  return g_test_run ();
}
