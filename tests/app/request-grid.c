/* Tests grids of requests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request-grid.h"

/* Every value with every other, seeds last; what cannot be is refused. */
static void
test_grid (void)
{
  static const char *const wrong[] = { "seed", "seed=1-100000", "nothing=1", "steps=many", "lora:x=heavy" };
  char *const              axes[] = { (char *) "sampler=euler,ddim", (char *) "lora:ink=0.5,1", (char *) "prompt=a cat, asleep|a dog", NULL };
  LimnRequest              request;
  g_autoptr (GPtrArray) list = NULL;
  const LimnRequest *last;

  limn_request_init (&request);
  request.seed = 10;
  list = limn_request_grid (&request, 2, axes, NULL);
  g_assert_cmpint (list->len, ==, 16);
  last = list->pdata[15];
  g_assert_cmpstr (last->sampler, ==, "ddim");
  g_assert_cmpstr (last->prompt, ==, "a dog");
  g_assert_cmpint (last->seed, ==, 11);
  g_assert_cmpfloat (((LimnLora *) last->loras->pdata[0])->weight, ==, 1);
  g_assert_cmpstr (((LimnRequest *) list->pdata[0])->prompt, ==, "a cat, asleep");
  g_assert_cmpint (((LimnRequest *) list->pdata[1])->seed, ==, 11);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      char *const one[] = { (char *) wrong[i], NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_request_grid (&request, 1, one, &error));
      g_assert_nonnull (error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request-grid", test_grid);
  return g_test_run ();
}
