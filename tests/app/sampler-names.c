/* Samplers and schedules: every spelling finds its id, and labels come back to their ids.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sampler-names.h"

#include "engine/engine.h"

static void
test_spellings (void)
{
  static const struct
  {
    const char *text, *sampler, *schedule;
  } cases[] = {
    { "Euler a", "euler_a", NULL },
    { "euler_ancestral", "euler_a", NULL },
    { "euler_a karras", "euler_a", "karras" },
    { "euler discrete", "euler", "normal" },
    { "DPM++ 2M Karras", "dpmpp_2m", "karras" },
    { "DPM++ 2M SDE Exponential", "dpmpp_2m_sde", "exponential" },
    { "DPM2 a Karras", "dpm2_a", "karras" },
    { "dpm++2s_a", "dpmpp_2s_a", NULL },
    { "ddim_trailing", "ddim", "trailing" },
    { "uni_pc", "unipc", NULL },
    { "LCM", "lcm", NULL },
    { "Restart", NULL, NULL },
    { "", NULL, NULL },
    { "Karras", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *sampler = "unset", *schedule = "unset";

      limn_sampler_names_parse (cases[i].text, &sampler, &schedule);
      g_assert_cmpstr (sampler, ==, cases[i].sampler);
      g_assert_cmpstr (schedule, ==, cases[i].schedule);
    }
}

static void
test_ids_and_labels (void)
{
  const char *sampler, *schedule;

  g_assert_cmpuint (limn_n_samplers, >=, 16);
  for (guint i = 0; i < limn_n_samplers; i++)
    {
      limn_sampler_names_parse (limn_samplers[i].id, &sampler, &schedule);
      g_assert_cmpstr (sampler, ==, limn_samplers[i].id);
      limn_sampler_names_parse (limn_sampler_names_label (limn_samplers[i].id), &sampler,
                                &schedule);
      g_assert_cmpstr (sampler, ==, limn_samplers[i].id);
    }

  for (guint i = 0; i < limn_n_schedules; i++)
    {
      g_assert_cmpstr (limn_sampler_names_parse_schedule (limn_schedules[i].id), ==,
                       limn_schedules[i].id);
      g_assert_cmpstr (limn_sampler_names_parse_schedule (
                           limn_sampler_names_schedule_label (limn_schedules[i].id)),
                       ==, limn_schedules[i].id);
    }

  g_assert_null (limn_sampler_names_parse_schedule ("Automatic"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sampler-names/spellings", test_spellings);
  g_test_add_func ("/sampler-names/ids-and-labels", test_ids_and_labels);
  return g_test_run ();
}
