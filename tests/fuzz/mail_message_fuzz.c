/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is a subject and a name, the second an address, the rest a
 * body. Whatever they hold, a mail is ASCII, its lines are short and end with
 * CRLF, and its head has the fields we wrote and no other.
 */
#include "fuzz.h"

#include "mail/message.h"

static void check_lines(struct slice mail)
{
    size_t column = 0;

    for (size_t i = 0; i < mail.len; i++) {
        unsigned char c = (unsigned char)mail.ptr[i];

        must(c < 0x7f && (c >= 0x20 || c == '\r' || c == '\n' || c == '\t'));
        must((c == '\n') == (i > 0 && mail.ptr[i - 1] == '\r'));
        column = c == '\n' ? 0 : column + 1;
        must(column <= 300);
    }
    must(slice_ends_with(mail, SLICE("\r\n")));
}

/* Folded lines begin with a space. */
static size_t count_fields(struct slice mail)
{
    size_t fields = 0;
    struct slice line;

    while (slice_split(&mail, '\n', &line) && line.len > 1) {
        fields += line.ptr[0] != ' ';
    }
    return fields;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct slice words = SLICE_EMPTY;
    struct slice address = SLICE_EMPTY;
    struct slice mail;
    struct mail_message message;
    struct arena arena;

    arena_init(&arena, FUZZ_ARENA);
    (void)slice_split(&rest, '\n', &words);
    (void)(rest.ptr != NULL && slice_split(&rest, '\n', &address));
    rest = rest.ptr == NULL ? SLICE_EMPTY : rest;
    message = (struct mail_message){{words, SLICE("book@example.org")},
                                    {words, address},
                                    words,
                                    rest,
                                    rest};
    if (mail_message_write(&arena, &message, &mail) == STATUS_OK) {
        check_lines(mail);
        must(count_fields(mail) == (rest.len > 0 ? 8 : 9));
    }
    arena_release(&arena);
    return 0;
}
