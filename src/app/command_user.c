/* SPDX-License-Identifier: Apache-2.0 */
/* Users looked at: user list, user show. */
#include "app/command_reader.h"
#include "app/command_tools.h"
#include "auth/session.h"
#include "auth/user_search.h"
#include "reader/profile.h"
#include "reader/questionnaire.h"

#define LIMIT_DEFAULT ((int64_t)100)

/* Headings and members of a listing, with values beside them. */
struct row {
    struct listing_column columns[LISTING_COLUMNS_MAX];
    struct value values[LISTING_COLUMNS_MAX];
    size_t count;
};

static void add(struct row *row, struct slice heading, struct slice member,
                struct value value)
{
    if (row->count < LISTING_COLUMNS_MAX) {
        row->columns[row->count].heading = heading;
        row->columns[row->count].member = member;
        row->values[row->count++] = value;
    }
}

/* NULL where the schema has no such column. */
static struct value column_of(const struct record *user, size_t column)
{
    return column == COLUMN_NONE ? VALUE_NOTHING : user->values[column];
}

/* As requests see it: one that is over is none. */
static bool is_banned(const struct command *command, const struct record *user)
{
    const struct schema *schema = &command->schema;
    int64_t until;

    if (schema->user_banned == COLUMN_NONE ||
        record_number(user, schema->user_banned) == 0) {
        return false;
    }
    until = record_number(user, schema->user_ban_expires);
    return until == 0 || until > command->call.now;
}

static struct value role_of(const struct command *command,
                            const struct record *user)
{
    struct value role = column_of(user, command->schema.user_role);

    return role.kind == VALUE_NULL
               ? value_text(command->auth.settings.default_role)
               : role;
}

/* What a list and a single user begin with. */
static void add_account(const struct command *command,
                        const struct record *user, struct row *row)
{
    add(row, SLICE("id"), SLICE("id"), user->values[USER_ID]);
    row->columns[0].whole = true;
    add(row, SLICE("address"), SLICE("email"), user->values[USER_EMAIL]);
    add(row, SLICE("name"), SLICE("name"), user->values[USER_NAME]);
    add(row, SLICE("verified"), SLICE("emailVerified"),
        user->values[USER_EMAIL_VERIFIED]);
    if (command->schema.user_role != COLUMN_NONE) {
        add(row, SLICE("role"), SLICE("role"), role_of(command, user));
        add(row, SLICE("banned"), SLICE("banned"),
            value_boolean(is_banned(command, user)));
    }
    add(row, SLICE("created"), SLICE("createdAt"),
        user->values[USER_CREATED_AT]);
}

static enum status take_user(struct command *command, const struct rows *rows,
                             size_t at, struct record *out)
{
    return record_take(&command->schema.tables[TABLE_USER], rows, at, 0,
                       command->arena, out);
}

static enum status print_users(struct command *command, const struct rows *rows,
                               size_t count)
{
    struct row *row = ARENA_NEW(command->arena, struct row);
    struct listing listing;
    struct record user;
    struct value *none;

    TRY_ALLOC(row);
    none = arena_alloc_zero(command->arena,
                            command->schema.tables[TABLE_USER].column_count *
                                sizeof(*none));
    TRY_ALLOC(none);
    user = (struct record){&command->schema.tables[TABLE_USER], none};
    add_account(command, &user, row); /* for the headings */
    listing_init(&listing, command->arena, row->columns, row->count);
    for (size_t i = 0; i < count; i++) {
        TRY(take_user(command, rows, i, &user));
        row->count = 0;
        add_account(command, &user, row);
        TRY(listing_add(&listing, row->values));
    }
    return command_print_list(command, &listing);
}

enum status command_user_list(struct command *command)
{
    int64_t limit = command_number(command, CLI_FLAG_LIMIT, LIMIT_DEFAULT);
    struct user_search search = {
        .text = command_text(command, CLI_FLAG_SEARCH),
        .role = command_text(command, CLI_FLAG_ROLE),
        .banned = command_has(command, CLI_FLAG_BANNED),
        /* One more says whether there are more. */
        .limit = limit < (int64_t)STORE_ROWS_MAX ? limit + 1 : limit,
    };
    struct rows rows;
    size_t shown;

    if ((search.role.len > 0 || search.banned) &&
        command->schema.user_role == COLUMN_NONE) {
        return command_refuse(command, "roles and bans need the plugin admin "
                                       "in AUTH_PLUGINS");
    }
    TRY(user_search(&command->call, &search, &rows));
    shown = rows.count > (size_t)limit ? (size_t)limit : rows.count;
    TRY(print_users(command, &rows, shown));
    if (rows.count > shown) {
        command_hint("There are more: --limit N shows more, --search TEXT "
                     "looks among all.");
    }
    return STATUS_OK;
}

/* "credential, github" */
static enum status add_accounts(struct command *command, struct slice user_id,
                                struct row *row)
{
    const struct table *table = &command->schema.tables[TABLE_ACCOUNT];
    struct value params[] = {value_text(user_id)};
    struct slice providers;
    struct rows rows;
    struct buf buf;

    TRY(auth_read(&command->call, QUERY_accounts_of_user, params, 1, &rows));
    buf_init(&buf, command->arena, 4096);
    for (size_t i = 0; i < rows.count; i++) {
        struct record account;
        struct slice provider;

        TRY(record_take(table, &rows, i, 0, command->arena, &account));
        provider = record_text(&account, ACCOUNT_PROVIDER_ID);
        buf_add(&buf, i > 0 ? SLICE(", ") : SLICE_EMPTY);
        buf_add(&buf, slice_equal(provider, SLICE("credential"))
                          ? SLICE("password")
                          : provider);
    }
    TRY(buf_finish(&buf, &providers));
    add(row, SLICE("signs in by"), SLICE("signsInBy"), value_text(providers));
    return STATUS_OK;
}

/* The operator's own columns, but those that are never shown. */
static void add_further(const struct command *command,
                        const struct record *user, struct row *row)
{
    const struct table *table = &command->schema.tables[TABLE_USER];

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];

        if (column->additional && !column->hidden) {
            add(row, column->name, column->name, user->values[i]);
        }
    }
}

static void add_ban(const struct command *command, const struct record *user,
                    struct row *row)
{
    const struct schema *schema = &command->schema;

    if (is_banned(command, user)) {
        add(row, SLICE("ban reason"), SLICE("banReason"),
            column_of(user, schema->user_ban_reason));
        add(row, SLICE("banned until"), SLICE("banExpires"),
            column_of(user, schema->user_ban_expires));
    }
}

static const char *state_of(const struct reader *reader,
                            const struct profile *profile)
{
    if (profile->created_at == 0) {
        return "none";
    }
    return questionnaire_is_complete(reader->questionnaire, profile->answers)
               ? "complete"
               : "begun";
}

static void add_profile(const struct command *command,
                        const struct reader *reader,
                        const struct profile *profile, struct row *row)
{
    bool has_one = profile->created_at != 0;

    add(row, SLICE("profile"), SLICE("profile"),
        value_text(slice_from_cstr(state_of(reader, profile))));
    if (has_one) {
        add(row, SLICE("answered"), SLICE("profileUpdatedAt"),
            value_time(profile->updated_at));
    }
    if (has_one && profile->consent_version.len > 0) {
        add(row, SLICE("consent"), SLICE("consentVersion"),
            value_text(profile->consent_version));
        add(row, SLICE("consent at"), SLICE("consentAt"),
            value_time(profile->consent_at));
    }
    if (command_has(command, CLI_FLAG_ANSWERS)) {
        row->columns[row->count].is_json = true;
        add(row, SLICE("answers"), SLICE("answers"), value_text(profile->json));
    }
}

/* Who looks at answers is written down before they are seen. */
static enum status note_answers(struct command *command, struct slice user_id)
{
    const struct audit_note note = {.event = AUDIT_ADMIN,
                                    .subject = value_text(user_id),
                                    .detail = SLICE("answers read")};

    return command_has(command, CLI_FLAG_ANSWERS)
               ? auth_write_noted(&command->call, NULL, 0, NULL, &note)
               : STATUS_OK;
}

/* Without the keys there is still an account to be shown. */
static enum status read_profile(struct command *command, struct slice user_id,
                                struct row *row)
{
    struct command_reader reader CLEANUP(command_reader_close) = {0};
    enum status status = command_reader_open(command, &reader);
    struct profile profile;

    if (status == STATUS_OK) {
        status =
            profile_read(&reader.reader, &command->call, user_id, &profile);
    }
    if (status != STATUS_OK && command_has(command, CLI_FLAG_ANSWERS)) {
        return status;
    }
    if (status != STATUS_OK) {
        command->why = SLICE_EMPTY;
        add(row, SLICE("profile"), SLICE("profile"),
            value_text(SLICE("unreadable")));
        return STATUS_OK;
    }
    add_profile(command, &reader.reader, &profile, row);
    return note_answers(command, user_id);
}

enum status command_user_show(struct command *command)
{
    struct row *row = ARENA_NEW(command->arena, struct row);
    struct listing listing;
    struct record user;
    struct rows sessions;

    TRY_ALLOC(row);
    TRY(command_find_user(command, command_argument(command, 0), &user));
    TRY(session_list(&command->call, record_text(&user, USER_ID), &sessions));
    add_account(command, &user, row);
    add(row, SLICE("changed"), SLICE("updatedAt"),
        user.values[USER_UPDATED_AT]);
    add_ban(command, &user, row);
    TRY(add_accounts(command, record_text(&user, USER_ID), row));
    add(row, SLICE("sessions"), SLICE("sessions"),
        value_integer((int64_t)sessions.count));
    add_further(command, &user, row);
    TRY(read_profile(command, record_text(&user, USER_ID), row));
    listing_init(&listing, command->arena, row->columns, row->count);
    TRY(listing_add(&listing, row->values));
    return command_print_card(command, &listing);
}
