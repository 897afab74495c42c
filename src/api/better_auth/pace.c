/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/pace.h"

#include "net/fiber.h"

/* Long enough to cover a mail's row on a busy disk. */
#define PACE_MS ((int64_t)500)

int64_t pace_begin(void)
{
    return loop_now(fiber_loop(fiber_current())) + PACE_MS;
}

enum status pace_wait(int64_t deadline)
{
    struct loop *loop = fiber_loop(fiber_current());
    enum status status = STATUS_OK;

    while (loop_now(loop) < deadline) {
        status = fiber_park(deadline - loop_now(loop));
        TRY(status == STATUS_TIMEOUT ? STATUS_OK : status);
    }
    return STATUS_OK;
}
