/* Numbers: strict in, short out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/number.h"

static void
test_integers (void)
{
  static const char *const bad[] = {
    "", " 1", "1 ", "12abc", "0x10", "1.5", "--1", "-", "9223372036854775808", "١"
  };
  gint64 value = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (limn_number_parse_integer (bad[i], &value));

  g_assert_true (limn_number_parse_integer ("9223372036854775807", &value));
  g_assert_cmpint (value, ==, G_MAXINT64);
  g_assert_true (limn_number_parse_integer ("-42", &value));
  g_assert_cmpint (value, ==, -42);
}

static void
test_reals (void)
{
  static const char *const bad[] = { "", "inf", "nan", "0x1p3", "1,5",
                                     " 1", "1e", "1e999", "7.5x", "." };
  double                   value = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (limn_number_parse_real (bad[i], &value));

  g_assert_true (limn_number_parse_real ("7.000000", &value));
  g_assert_cmpfloat (value, ==, 7);
  g_assert_true (limn_number_parse_real ("-1.5e2", &value));
  g_assert_cmpfloat (value, ==, -150);
}

static void
test_sizes (void)
{
  static const char *const bad[] = { "", "512", "512x", "x512",
                                     "512 x 512", "512x512x3", "512x512px", "axb" };
  gint64                   width = 0, height = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (limn_number_parse_size (bad[i], &width, &height));

  g_assert_true (limn_number_parse_size ("832x480", &width, &height));
  g_assert_cmpint (width, ==, 832);
  g_assert_cmpint (height, ==, 480);
}

static void
test_shortest (void)
{
  static const struct
  {
    double      value;
    const char *text;
  } cases[] = { { 7, "7" },
                { 0.8, "0.8" },
                { 4.5, "4.5" },
                { 0.1 + 0.2, "0.30000000000000004" },
                { 1e300, "1e+300" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = limn_number_format_real (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/integers", test_integers);
  g_test_add_func ("/number/reals", test_reals);
  g_test_add_func ("/number/sizes", test_sizes);
  g_test_add_func ("/number/shortest", test_shortest);
  return g_test_run ();
}
