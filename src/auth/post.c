/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/post.h"

#include "auth/token_random.h"
#include "base/mem.h"
#include "mail/message.h"
#include "mail/outbox.h"
#include "mail/spool.h"

struct post {
    struct mail_templates templates;
    struct mail_address from;
    struct slice site;
    struct slice spool;
    struct smtp_server server;
    struct client *client;
    struct store *store;
    struct outbox *outbox;
};

/* The columns that outbox_claim returns. */
enum claimed {
    CLAIMED_ID,
    CLAIMED_KIND,
    CLAIMED_RECIPIENT,
    CLAIMED_SUBJECT,
    CLAIMED_MESSAGE,
    CLAIMED_ATTEMPTS,
    CLAIMED_CREATED_AT
};

static enum status claim(void *arg, struct arena *arena,
                         const struct outbox_claim *asked,
                         struct outbox_row *out)
{
    struct post *post = arg;
    struct value params[] = {value_integer(asked->now_ms),
                             value_integer(asked->lease_until_ms),
                             value_integer(1)};
    struct rows rows;

    *out = (struct outbox_row){.id = SLICE_EMPTY};
    TRY(store_write(post->store, &STATEMENT(outbox_claim, params), 1, arena,
                    &rows));
    if (rows.count == 0) {
        return STATUS_OK;
    }
    *out = (struct outbox_row){
        .id = rows.values[CLAIMED_ID].text,
        .kind = rows.values[CLAIMED_KIND].text,
        .recipient = rows.values[CLAIMED_RECIPIENT].text,
        .subject = rows.values[CLAIMED_SUBJECT].text,
        .body = rows.values[CLAIMED_MESSAGE].text,
        .attempts = rows.values[CLAIMED_ATTEMPTS].number,
        .created_ms = rows.values[CLAIMED_CREATED_AT].number,
    };
    return STATUS_OK;
}

/* A statement's own few bytes of an answer. */
#define NOTE_ARENA_MAX ((size_t)65536)

static enum status note(struct post *post, const struct statement *statement)
{
    CLEANUP(arena_release) struct arena arena;

    arena_init(&arena, NOTE_ARENA_MAX);
    return store_write(post->store, statement, 1, &arena, NULL);
}

static enum status done(void *arg, struct slice id)
{
    struct value params[] = {value_text(id)};

    return note(arg, &STATEMENT(outbox_done, params));
}

static enum status failed(void *arg, struct slice id, int64_t next_at_ms)
{
    struct value params[] = {value_text(id), value_integer(next_at_ms)};

    return note(arg, &STATEMENT(outbox_retry, params));
}

static enum status send(void *arg, struct arena *arena,
                        const struct outbox_row *row, enum mail_outcome *out)
{
    struct post *post = arg;
    const struct smtp_mail mail = {.from = post->from.address,
                                   .recipient = row->recipient,
                                   .message = row->body};

    if (post->spool.len == 0) {
        return smtp_send(post->client, &post->server, &mail, out);
    }
    *out = spool_write(arena, post->spool, row->body) == STATUS_OK ? MAIL_TAKEN
                                                                   : MAIL_LATER;
    return STATUS_OK;
}

/* Nobody set it: an address at the book's own host. */
static enum status read_from(const struct post_settings *settings,
                             struct arena *arena, struct slice *problem,
                             struct post *post)
{
    struct slice from = settings->from;

    if (from.len == 0) {
        TRY(arena_format(arena, &from, "bookplate@%.*s",
                         SLICE_ARG(settings->site)));
    }
    *problem = SLICE("MAIL_FROM: it is no address such as book@example.org "
                     "or Name <book@example.org>");
    TRY(mail_address_read(from, &post->from));
    *problem = SLICE_EMPTY;
    return STATUS_OK;
}

static enum status prepare(const struct post_settings *settings,
                           struct arena *arena, struct slice *problem,
                           struct post *post)
{
    const struct outbox_store store = {post, claim, done, failed};
    const struct outbox_transport transport = {post, send};

    TRY(mail_templates_load(arena, settings->templates, problem,
                            &post->templates));
    TRY(read_from(settings, arena, problem, post));
    if (settings->spool.len > 0) {
        *problem = SLICE("MAIL_SPOOL: the folder cannot be made");
        TRY(spool_prepare(arena, settings->spool));
    } else {
        TRY(smtp_server_read(arena, settings->smtp_url, problem,
                             &post->server));
    }
    *problem = SLICE_EMPTY;
    return outbox_new(&store, &transport, &post->outbox);
}

enum status post_new(const struct post_settings *settings, struct arena *arena,
                     struct slice *problem, struct post **out)
{
    struct post *post = mem_alloc(sizeof(*post));
    enum status status;

    TRY_ALLOC(post);
    post->site = settings->site;
    post->spool = settings->spool;
    post->client = settings->client;
    post->store = settings->store;
    status = prepare(settings, arena, problem, post);
    if (status != STATUS_OK) {
        mem_free(post);
        return status;
    }
    *out = post;
    return STATUS_OK;
}

void post_free(struct post *post)
{
    if (post != NULL) {
        outbox_free(post->outbox);
        mem_free(post);
    }
}

enum status post_start(struct post *post, struct loop *loop)
{
    return outbox_start(post->outbox, loop);
}

void post_stop(struct post *post)
{
    outbox_stop(post->outbox);
}

static int64_t lifetime(const struct auth_settings *settings,
                        enum mail_kind kind)
{
    return kind == MAIL_RESET_PASSWORD   ? settings->reset_ms
           : kind == MAIL_DELETE_ACCOUNT ? settings->delete_ms
                                         : settings->verification_ms;
}

static enum status write_message(const struct auth_call *call,
                                 const struct post_letter *letter,
                                 struct slice *subject, struct slice *text)
{
    const struct post *post = call->auth->post;
    struct mail_values values = {.site = post->site,
                                 .email = letter->to,
                                 .name = letter->name,
                                 .url = letter->url,
                                 .new_email = letter->new_email};
    struct mail_message message = {.from = post->from,
                                   .to = {letter->name, letter->to}};
    struct mail_template filled;

    TRY(mail_expires_text(call->arena,
                          lifetime(&call->auth->settings, letter->kind),
                          &values.expires));
    TRY(mail_template_render(call->arena, &post->templates.of[letter->kind],
                             &values, &filled));
    message.subject = filled.subject;
    message.text = filled.text;
    message.html = filled.html;
    *subject = filled.subject;
    return mail_message_write(call->arena, &message, text);
}

enum status post_insert_make(const struct auth_call *call,
                             const struct post_letter *letter,
                             struct post_insert *out)
{
    struct slice subject;
    struct slice text;
    struct slice id;

    TRY(token_random_id(call->arena, &id));
    TRY(write_message(call, letter, &subject, &text));
    out->values[0] = value_text(id);
    out->values[1] = value_text(mail_kind_name(letter->kind));
    out->values[2] = value_text(letter->to);
    out->values[3] = value_text(call->auth->post->from.address);
    out->values[4] = value_text(subject);
    out->values[5] = value_text(text);
    out->values[6] = value_integer(call->now);
    out->statement = STATEMENT(outbox_insert, out->values);
    return STATUS_OK;
}

enum status post_send(const struct auth_call *call,
                      const struct post_letter *letter)
{
    struct post_insert *insert = ARENA_NEW(call->arena, struct post_insert);

    TRY_ALLOC(insert);
    TRY(post_insert_make(call, letter, insert));
    TRY(auth_write(call, &insert->statement, 1, NULL));
    post_wake(call);
    return STATUS_OK;
}

void post_wake(const struct auth_call *call)
{
    outbox_wake(call->auth->post->outbox);
}
