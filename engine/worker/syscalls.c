/* What a worker may do from its start on: system calls, by seccomp.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Calls of x86-64's other interface have this bit; nothing of ours uses it. */
#define X32_BIT 0x40000000u

/*
 * What computing needs none of: sockets (what is connected stays connected), other programs, their memory, and interfaces to the kernel that go
 * round this filter. They fail as if forbidden, so that a driver that tries can go on without.
 */
static const int denied[] = {
  SYS_socket,
  SYS_connect,
  SYS_bind,
  SYS_listen,
  SYS_execve,
  SYS_execveat,
  SYS_kill, /* its own abort() is tgkill() */
  SYS_pidfd_open,
  SYS_pidfd_send_signal,
  SYS_ptrace,
  SYS_process_vm_readv,
  SYS_process_vm_writev,
  SYS_io_uring_setup,
  SYS_userfaultfd,
  SYS_perf_event_open,
  SYS_bpf,
  SYS_keyctl,
  SYS_add_key,
  SYS_request_key,
  SYS_mount,
  SYS_setns,
  SYS_unshare,
};

#ifdef ARCHITECTURE
static void
add (GArray *filter,
     guint16 code,
     guint8  yes,
     guint8  no,
     guint32 k)
{
  struct sock_filter line = { code, yes, no, k };

  g_array_append_val (filter, line);
}

static GArray *
make_filter (void)
{
  const guint32 forbid = SECCOMP_RET_ERRNO | EACCES;
  GArray       *filter = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  add (filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof (struct seccomp_data, arch));
  add (filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
  add (filter, BPF_RET | BPF_K, 0, 0, forbid);
  add (filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof (struct seccomp_data, nr));
  add (filter, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
  add (filter, BPF_RET | BPF_K, 0, 0, forbid);
  for (gsize i = 0; i < G_N_ELEMENTS (denied); i++)
    {
      add (filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, denied[i]);
      add (filter, BPF_RET | BPF_K, 0, 0, forbid);
    }
  add (filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
  return filter;
}

gboolean
limn_sandbox_deny_calls (void)
{
  g_autoptr (GArray) filter = make_filter ();
  struct sock_fprog program = { .len = filter->len, .filter = (struct sock_filter *) (gpointer) filter->data };

  return prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
#else
gboolean
limn_sandbox_deny_calls (void)
{
  return FALSE;
}
#endif
