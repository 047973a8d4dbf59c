/* What a draft asks the queue for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draft.h"
#include "app/library/library.h"

G_BEGIN_DECLS

/**
 * limn_draft_requests:
 *
 * Applies the draft's styles, keeps the picture that it starts from for the jobs, and makes as many requests as there are to be pictures. Any thread; waits
 * for the disk.
 *
 * Returns: (transfer full) (element-type LimnRequest): or %NULL with the error of a style or a file
 */
GPtrArray *limn_draft_requests (const LimnDraft *draft,
                                LimnLibrary     *library,
                                GError         **error);

G_END_DECLS
