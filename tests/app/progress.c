/* Progress: the line fits any terminal, the JSON is one line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/progress.h"

#include <string.h>

#include <json-glib/json-glib.h>

static const LimnProgressState half = {
  .stage = "sample", .picture = 1, .pictures = 1, .step = 10, .steps = 20, .seconds_left = 125
};

static void
test_line (void)
{
  g_autofree char *line = limn_progress_line (&half, 60);

  g_assert_true (g_str_has_prefix (line, "Painting 10/20 [####"));
  g_assert_true (g_str_has_suffix (line, "] 2:05 min left"));
  g_assert_cmpuint (strlen (line), ==, 59);
}

static void
test_only_sampling_has_a_bar (void)
{
  LimnProgressState state = half;
  g_autofree char  *line = NULL;

  state.stage = "load";
  state.pictures = 3;
  line = limn_progress_line (&state, 60);
  g_assert_cmpstr (line, ==, "Loading picture 1 of 3 2:05 min left");
}

static void
test_width (void)
{
  for (int columns = 1; columns < 300; columns++)
    {
      g_autofree char *line = limn_progress_line (&half, columns);

      g_assert_cmpuint (strlen (line), <, columns);
    }
}

static void
test_bar_is_in_proportion (void)
{
  LimnProgressState state = half;
  int               before = -1;

  for (state.step = 0; state.step <= state.steps; state.step++)
    {
      g_autofree char *line = limn_progress_line (&state, 80);
      int              filled = 0;

      for (const char *c = line; *c != '\0'; c++)
        filled += *c == '#';
      g_assert_cmpint (filled, >, before);
      before = filled;
    }
}

static void
test_json (void)
{
  LimnProgressState unknown = { .stage = "load", .picture = 1, .pictures = 2, .seconds_left = -1 };
  g_autofree char  *known_text = limn_progress_json (&half),
                  *unknown_text = limn_progress_json (&unknown);
  g_autoptr (JsonNode) known = json_from_string (known_text, NULL);
  g_autoptr (JsonNode) other = json_from_string (unknown_text, NULL);

  g_assert_null (strchr (known_text, '\n'));
  g_assert_cmpfloat (
      json_object_get_double_member (json_node_get_object (known), "seconds_left"), ==, 125);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (known), "step"), ==, 10);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (other), "stage"), ==,
                   "load");
  g_assert_false (json_object_has_member (json_node_get_object (other), "seconds_left"));
}

static void
test_modes (void)
{
  g_autoptr (GError) error = NULL;
  LimnProgressMode mode;

  g_assert_true (limn_progress_mode (NULL, TRUE, &mode, NULL));
  g_assert_cmpint (mode, ==, LIMN_PROGRESS_BAR);
  g_assert_true (limn_progress_mode (NULL, FALSE, &mode, NULL));
  g_assert_cmpint (mode, ==, LIMN_PROGRESS_NONE);
  g_assert_true (limn_progress_mode ("json", FALSE, &mode, NULL));
  g_assert_cmpint (mode, ==, LIMN_PROGRESS_JSON);
  g_assert_false (limn_progress_mode ("yaml", FALSE, &mode, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/line", test_line);
  g_test_add_func ("/progress/only-sampling-has-a-bar", test_only_sampling_has_a_bar);
  g_test_add_func ("/progress/width", test_width);
  g_test_add_func ("/progress/bar-is-in-proportion", test_bar_is_in_proportion);
  g_test_add_func ("/progress/json", test_json);
  g_test_add_func ("/progress/modes", test_modes);
  return g_test_run ();
}
