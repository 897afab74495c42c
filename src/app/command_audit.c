/* SPDX-License-Identifier: Apache-2.0 */
/* The audit looked at: audit verify, audit show. */
#include "app/command_tools.h"
#include "app/keys_open.h"
#include "audit/audit.h"
#include "audit/list.h"
#include "audit/verify.h"

#include <inttypes.h>

#define LIMIT_DEFAULT ((int64_t)100)
#define WORDS_MAX     ((size_t)1024)

static enum status read_anchor(struct command *command,
                               struct audit_anchor *anchor, size_t *count)
{
    struct slice text = command_argument(command, 0);

    *count = text.len > 0 ? 1 : 0;
    if (text.len > 0 && audit_anchor_read(text, anchor) != STATUS_OK) {
        return command_refuse(command,
                              "'%.*s' is no anchor: the number of a row, a "
                              "colon and its hash of 64 digits, as the log "
                              "has them in audit_head",
                              SLICE_ARG(slice_head(text, 100)));
    }
    return STATUS_OK;
}

/* "12 rows, head 9f86...: unbroken; 2 more wait for a number" */
static enum status say_finding(struct command *command,
                               const struct audit_finding *found)
{
    struct slice waiting = SLICE_EMPTY;

    if (found->waiting > 0) {
        TRY(arena_format(command->arena, &waiting,
                         "; %" PRId64 " more wait%s for a number",
                         found->waiting, found->waiting == 1 ? "s" : ""));
    }
    if (found->problem.len > 0) {
        command->code = EXIT_CODE_FAILED;
        return command_say(command, "broken: %.*s%.*s",
                           SLICE_ARG(found->problem), SLICE_ARG(waiting));
    }
    return command_say(command, "%" PRId64 " row%s, head %.*s: unbroken%.*s",
                       found->rows, found->rows == 1 ? "" : "s",
                       SLICE_ARG(found->rows == 0 ? SLICE("-") : found->hash),
                       SLICE_ARG(waiting));
}

static enum status say_finding_json(struct command *command,
                                    const struct audit_finding *found)
{
    static const struct listing_column columns[] = {
        {SLICE_INIT("unbroken"), SLICE_INIT("unbroken"), true},
        {SLICE_INIT("problem"), SLICE_INIT("problem"), true},
        {SLICE_INIT("rows"), SLICE_INIT("rows"), true},
        {SLICE_INIT("hash"), SLICE_INIT("hash"), true},
        {SLICE_INIT("waiting"), SLICE_INIT("waiting"), true},
    };
    struct listing listing;
    bool unbroken = found->problem.len == 0;

    command->code = unbroken ? EXIT_CODE_CLEAN : EXIT_CODE_FAILED;
    listing_init(&listing, command->arena, columns,
                 sizeof(columns) / sizeof(*columns));
    TRY(listing_add(&listing,
                    (struct value[]){
                        value_boolean(unbroken),
                        unbroken ? VALUE_NOTHING : value_text(found->problem),
                        value_integer(found->rows),
                        value_text(found->hash),
                        value_integer(found->waiting),
                    }));
    return command_print_list(command, &listing);
}

enum status command_audit_verify(struct command *command)
{
    struct audit_anchor anchor;
    struct audit_check check = {.store = command->auth.store,
                                .anchors = &anchor};
    struct audit_finding found;

    TRY(read_anchor(command, &anchor, &check.anchor_count));
    TRY(audit_verify(&check, command->arena, &found));
    return command_has(command, CLI_FLAG_JSON)
               ? say_finding_json(command, &found)
               : say_finding(command, &found);
}

/* Of an account that is gone only the id is known any more. */
static enum status find_user(struct command *command, struct slice *id)
{
    struct slice given = command_text(command, CLI_FLAG_USER);
    struct record user;

    *id = given;
    if (slice_find(given, '@') < given.len) {
        TRY(command_find_user(command, given, &user));
        *id = record_text(&user, USER_ID);
    }
    return STATUS_OK;
}

static enum status check_event(struct command *command, struct slice event)
{
    enum audit_event found;
    struct slice words;
    struct buf buf;

    if (event.len == 0 || audit_find(event, &found)) {
        return STATUS_OK;
    }
    buf_init(&buf, command->arena, WORDS_MAX);
    for (int i = 0; i < AUDIT_EVENTS; i++) {
        buf_add(&buf, i > 0 ? SLICE(", ") : SLICE_EMPTY);
        buf_add(&buf, audit_word((enum audit_event)i));
    }
    TRY(buf_finish(&buf, &words));
    return command_refuse(command, "'%.*s' is no event; there are %.*s",
                          SLICE_ARG(slice_head(event, 64)), SLICE_ARG(words));
}

static struct value text_or_nothing(struct slice text)
{
    return text.len == 0 ? VALUE_NOTHING : value_text(text);
}

/* The last two are for programs: too wide for a table. */
static const struct listing_column columns[] = {
    {SLICE_INIT("number"), SLICE_INIT("seq"), true},
    {SLICE_INIT("time"), SLICE_INIT("createdAt"), true},
    {SLICE_INIT("event"), SLICE_INIT("event"), true},
    {SLICE_INIT("by"), SLICE_INIT("actor"), true},
    {SLICE_INIT("whose"), SLICE_INIT("subject"), true},
    {SLICE_INIT("from"), SLICE_INIT("network"), true},
    {SLICE_INIT("detail"), SLICE_INIT("detail"), false},
    {SLICE_INIT("id"), SLICE_INIT("id"), true},
    {SLICE_INIT("hash"), SLICE_INIT("hash"), true},
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(*columns))

static enum status print_rows(struct command *command,
                              const struct audit_list *list)
{
    struct listing listing;

    listing_init(&listing, command->arena, columns,
                 COLUMN_COUNT - (command_has(command, CLI_FLAG_JSON) ? 0 : 2));
    for (size_t i = 0; i < list->count; i++) {
        const struct audit_entry *entry = &list->entries[i];

        TRY(listing_add(
            &listing,
            (struct value[]){
                entry->seq == 0 ? VALUE_NOTHING : value_integer(entry->seq),
                value_time(entry->created_ms),
                value_text(entry->event),
                text_or_nothing(entry->actor),
                text_or_nothing(entry->subject),
                text_or_nothing(entry->network),
                text_or_nothing(entry->detail),
                value_text(entry->id),
                text_or_nothing(entry->hash),
            }));
    }
    return command_print_list(command, &listing);
}

static enum status show(struct command *command,
                        const struct audit_names *names)
{
    struct audit_question question = {
        .store = command->auth.store,
        .names = names,
        .event = command_text(command, CLI_FLAG_EVENT),
        .limit = command_number(command, CLI_FLAG_LIMIT, LIMIT_DEFAULT),
    };
    struct audit_list list;

    TRY(check_event(command, question.event));
    TRY(find_user(command, &question.user_id));
    TRY(audit_list_read(&question, command->arena, &list));
    return print_rows(command, &list);
}

enum status command_audit_show(struct command *command)
{
    struct audit_names *names = NULL;
    enum status status;

    TRY(keys_open_names(command->config, command->arena, &command->why,
                        &names));
    status = show(command, names);
    audit_names_free(names);
    return status;
}
