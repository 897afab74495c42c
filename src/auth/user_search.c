/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/user_search.h"

#include "base/buf.h"

#define TEMPLATE_MAX ((size_t)2048)
/* Text twice, default role, role, now, limit. */
#define PARAMS_MAX ((size_t)6)
/* Each letter of a text may need a second one. */
#define PATTERN_MAX ((size_t)8192)

struct search {
    const struct auth_call *call;
    struct buf text;
    struct value values[PARAMS_MAX];
    size_t count;
    const char *word; /* WHERE, then AND */
};

static void add_parameter(struct search *search, struct value value)
{
    search->values[search->count++] = value;
    buf_format(&search->text, "$%zu", search->count);
}

static void add_where(struct search *search)
{
    buf_format(&search->text, " %s ", search->word);
    search->word = "AND";
}

/* "%part%", with what LIKE would read as a pattern escaped. */
static enum status pattern_of(const struct auth_call *call, struct slice part,
                              struct slice *out)
{
    struct buf buf;

    buf_init(&buf, call->arena, PATTERN_MAX);
    buf_add_byte(&buf, '%');
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];

        buf_add(&buf,
                c == '%' || c == '_' || c == '!' ? SLICE("!") : SLICE_EMPTY);
        buf_add_byte(&buf, ascii_lower(c));
    }
    buf_add_byte(&buf, '%');
    return buf_finish(&buf, out);
}

static enum status add_text(struct search *search, struct slice text)
{
    struct slice pattern;

    TRY(pattern_of(search->call, text, &pattern));
    add_where(search);
    buf_add(&search->text, SLICE("(lower({user.email}) LIKE "));
    add_parameter(search, value_text(pattern));
    buf_add(&search->text, SLICE(" ESCAPE '!' OR lower({user.name}) LIKE "));
    add_parameter(search, value_text(pattern));
    buf_add(&search->text, SLICE(" ESCAPE '!')"));
    return STATUS_OK;
}

/* Roles stand in one column, with commas between. */
static enum status add_role(struct search *search, struct slice role)
{
    struct slice among;
    struct slice pattern;

    TRY(arena_format(search->call->arena, &among, ",%.*s,", SLICE_ARG(role)));
    TRY(pattern_of(search->call, among, &pattern));
    add_where(search);
    buf_add(&search->text, SLICE("lower(',' || COALESCE({user.role}, "));
    add_parameter(search,
                  value_text(search->call->auth->settings.default_role));
    buf_add(&search->text, SLICE(") || ',') LIKE "));
    add_parameter(search, value_text(pattern));
    buf_add(&search->text, SLICE(" ESCAPE '!'"));
    return STATUS_OK;
}

static void add_ban(struct search *search)
{
    add_where(search);
    buf_add(&search->text,
            SLICE("{user.banned} = {sqlite|1}{postgres|true} AND "
                  "({user.banExpires} IS NULL OR {user.banExpires} > "));
    add_parameter(search, value_time(search->call->now));
    buf_add_byte(&search->text, ')');
}

static enum status build(struct search *search, const struct user_search *in)
{
    buf_init(&search->text, search->call->arena, TEMPLATE_MAX);
    buf_add(&search->text, SLICE("SELECT {user.*} FROM {user}"));
    if (in->text.len > 0) {
        TRY(add_text(search, in->text));
    }
    if (in->role.len > 0) {
        TRY(add_role(search, in->role));
    }
    if (in->banned) {
        add_ban(search);
    }
    buf_add(&search->text,
            SLICE(" ORDER BY {user.createdAt} DESC, {user.id} LIMIT "));
    add_parameter(search, value_integer(in->limit));
    return STATUS_OK;
}

enum status user_search(const struct auth_call *call,
                        const struct user_search *in, struct rows *out)
{
    struct search *search = ARENA_NEW(call->arena, struct search);
    struct query *query = ARENA_NEW(call->arena, struct query);
    struct statement statement = {.query = QUERY_BUILT, .built = query};
    struct slice template;

    TRY_ALLOC(search);
    TRY_ALLOC(query);
    if ((in->role.len > 0 || in->banned) &&
        call->auth->schema->user_role == COLUMN_NONE) {
        return STATUS_INVALID_VALUE;
    }
    search->call = call;
    search->word = "WHERE";
    TRY(build(search, in));
    TRY(buf_finish(&search->text, &template));
    TRY(store_build(call->auth->store, template, call->arena, query));
    statement.params = search->values;
    statement.param_count = search->count;
    return store_read(call->auth->store, &statement, call->arena, out);
}
