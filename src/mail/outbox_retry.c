/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/outbox.h"

/* Short at first, for a line that was cut; then as RFC 5321 section 4.5.4.1
 * asks, half an hour and more. */
static const int64_t pauses_ms[] = {
    1000, 5000, 30000, 120000, 600000, 1800000, 3600000, 7200000, 14400000,
};

#define PAUSE_COUNT ((int64_t)(sizeof(pauses_ms) / sizeof(pauses_ms[0])))

int64_t outbox_retry_after_ms(int64_t attempts, int64_t age_ms)
{
    int64_t which = attempts < 1 ? 0 : attempts - 1;
    int64_t pause = pauses_ms[which < PAUSE_COUNT ? which : PAUSE_COUNT - 1];

    return age_ms + pause <= OUTBOX_GIVE_UP_MS ? pause : -1;
}
