/* SPDX-License-Identifier: Apache-2.0 */
#include "limit/decide.h"

static struct limit_verdict let_through(enum limit_step step, int64_t count,
                                        int64_t now_ms)
{
    return (struct limit_verdict){step, true, 0, {count, now_ms}};
}

struct limit_verdict limit_decide(const struct limit_state *state,
                                  const struct limit_rule *rule, int64_t now_ms)
{
    int64_t passed = now_ms - state->last_ms;

    if (state->count <= 0) {
        return let_through(LIMIT_CREATE, 1, now_ms);
    }
    if (passed >= rule->window_ms || passed <= -rule->window_ms) {
        return let_through(LIMIT_RESTART, 1, now_ms);
    }
    if (state->count < rule->max) {
        return let_through(LIMIT_COUNT, state->count + 1, now_ms);
    }
    return (struct limit_verdict){
        LIMIT_REFUSE, false, (rule->window_ms - passed + 999) / 1000, *state};
}
