/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/throttle.h"

#include "api/better_auth/better_auth.h"
#include "limit/key.h"
#include "limit/limiter.h"

/* The row says when the window ends. */
static enum status find_wait(struct visit *visit, struct slice key,
                             const struct limit_rule *rule)
{
    struct value params[] = {value_text(key)};
    struct rows rows;
    int64_t last = visit->call.now;

    TRY(auth_read(&visit->call, QUERY_rate_limit_find, params, 1, &rows));
    if (rows.count > 0 && rows.values[0].kind == VALUE_INTEGER) {
        last = rows.values[0].number;
    }
    visit->wait_ms = last + rule->window_ms - visit->call.now;
    return STATUS_TOO_MANY_REQUESTS;
}

/* One conditional write: of two processes at once both are counted. */
static enum status count_in_database(struct visit *visit,
                                     const struct limit_rule *rule)
{
    char text[LIMIT_KEY_MAX + 1];
    struct value params[5];
    struct slice key;
    struct rows rows;

    TRY(slice_dup(
        visit->arena,
        limit_key_text(&visit->request->client, visit->counted_path, text),
        &key));
    TRY(auth_new_id(&visit->call, &params[0]));
    params[1] = value_text(key);
    params[2] = value_integer(visit->call.now);
    params[3] = value_integer(rule->window_ms);
    params[4] = value_integer(rule->max);
    TRY(auth_write(&visit->call, &STATEMENT(rate_limit_hit, params), 1, &rows));
    return rows.count > 0 ? STATUS_OK : find_wait(visit, key, rule);
}

enum status throttle_check(struct visit *visit)
{
    const struct better_auth *kit = visit->kit;
    struct limit_verdict verdict;
    struct limit_rule rule;

    if (kit->limiter == NULL) {
        return STATUS_OK;
    }
    rule = limit_rule_find(&kit->limits, visit->counted_path);
    if (rule.window_ms == 0) {
        return STATUS_OK;
    }
    if (kit->limits_in_database) {
        return count_in_database(visit, &rule);
    }
    verdict = limiter_count(kit->limiter, &visit->request->client,
                            visit->counted_path, &rule);
    visit->wait_ms = verdict.retry_after_s * 1000;
    return verdict.allowed ? STATUS_OK : STATUS_TOO_MANY_REQUESTS;
}
