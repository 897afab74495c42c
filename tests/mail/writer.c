/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a mail to stdout for foreign code to read:
 *   mail_writer message FROM-NAME FROM TO-NAME TO SUBJECT TEXT HTML
 *   mail_writer template NAME EMAIL URL    (a built-in one, as a mail)
 *   mail_writer spool FOLDER TEXT          (a file there, ten times)
 * exits with 3 and the status' code when it is refused.
 */
#include "mail/message.h"
#include "mail/spool.h"
#include "mail/template.h"

#include <stdio.h>

static struct arena arena;

static struct slice word(char **words, int at)
{
    return slice_from_cstr(words[at]);
}

static enum status write_message(char **words, struct slice *out)
{
    struct mail_message message = {{word(words, 2), word(words, 3)},
                                   {word(words, 4), word(words, 5)},
                                   word(words, 6),
                                   word(words, 7),
                                   word(words, 8)};

    return mail_message_write(&arena, &message, out);
}

static enum status write_template(char **words, struct slice *out)
{
    struct mail_message message = {
        {SLICE("The Book"), SLICE("book@example.org")},
        {SLICE_EMPTY, SLICE("reader@example.com")},
        SLICE_EMPTY,
        SLICE_EMPTY,
        SLICE_EMPTY};
    struct mail_values values = {SLICE("book.example.org"),
                                 word(words, 3),
                                 SLICE("Reader"),
                                 word(words, 4),
                                 SLICE_EMPTY,
                                 SLICE("new@example.com")};
    struct mail_templates templates;
    struct mail_template mail;
    struct slice problem;
    int kind = 0;

    TRY(mail_templates_load(&arena, SLICE_EMPTY, &problem, &templates));
    TRY(mail_expires_text(&arena, 3600000, &values.expires));
    while (kind < MAIL_KINDS &&
           !slice_equal(mail_kind_name((enum mail_kind)kind), word(words, 2))) {
        kind++;
    }
    if (kind == MAIL_KINDS) {
        return STATUS_NOT_FOUND;
    }
    TRY(mail_template_render(&arena, &templates.of[kind], &values, &mail));
    message.subject = mail.subject;
    message.text = mail.text;
    message.html = mail.html;
    return mail_message_write(&arena, &message, out);
}

static enum status write_spool(char **words)
{
    TRY(spool_prepare(&arena, word(words, 2)));
    for (int i = 0; i < 10; i++) {
        struct slice mail;

        TRY(arena_format(&arena, &mail, "%d %s", i, words[3]));
        TRY(spool_write(&arena, word(words, 2), mail));
    }
    return STATUS_OK;
}

static enum status write_what_was_asked(int argc, char **argv,
                                        struct slice *out)
{
    struct slice what = argc > 1 ? word(argv, 1) : SLICE_EMPTY;

    if (argc == 9 && slice_equal(what, SLICE("message"))) {
        return write_message(argv, out);
    }
    if (argc == 5 && slice_equal(what, SLICE("template"))) {
        return write_template(argv, out);
    }
    if (argc == 4 && slice_equal(what, SLICE("spool"))) {
        return write_spool(argv);
    }
    return STATUS_NOT_IMPLEMENTED;
}

int main(int argc, char **argv)
{
    struct slice out = SLICE_EMPTY;
    enum status status;

    arena_init(&arena, (size_t)16 << 20);
    status = write_what_was_asked(argc, argv, &out);
    if (status != STATUS_OK) {
        out = status_code(status);
    }
    (void)fwrite(out.ptr, 1, out.len, stdout);
    arena_release(&arena);
    return status == STATUS_OK ? 0 : 3;
}
