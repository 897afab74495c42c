/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of our mails: built in, or the operator's.
 *
 * A template is text with {{placeholders}}: {{site}}, {{email}}, {{name}}, and
 * where the mail has them {{url}}, {{expires}} and {{new_email}}. In HTML
 * every value is escaped; there is no way to have one unescaped. Values are
 * never looked at for placeholders, and of those an outsider chooses only
 * printable characters on one line are left.
 *
 * Never fails for a template once it was loaded: all of it is checked at the
 * start. A struct mail_templates is immutable and lives as long as its arena.
 */
#ifndef MAIL_TEMPLATE_H
#define MAIL_TEMPLATE_H

#include "base/arena.h"

/* Nobody writes longer ones by hand. */
#define MAIL_TEMPLATE_MAX ((size_t)65536)

enum mail_fields {
    MAIL_HAS_LINK = 1, /* {{url}}, which must be there, and {{expires}} */
    MAIL_HAS_NEW_EMAIL = 2
};

enum mail_kind {
#define MAIL(name, file, fields, subject, lead, button, note) MAIL_##name,
#include "mail/template.def"
    MAIL_KINDS
};

struct mail_template {
    struct slice subject;
    struct slice text;
    struct slice html; /* empty: the mail is plain text */
};

struct mail_templates {
    struct mail_template of[MAIL_KINDS];
};

struct mail_values {
    struct slice site; /* the host of the public address */
    struct slice email;
    struct slice name;
    struct slice url;
    struct slice expires; /* mail_expires_text */
    struct slice new_email;
};

/* "verify-email": the name of its files, and what the outbox calls it. */
struct slice mail_kind_name(enum mail_kind kind);

/*
 * Whatever the folder (MAIL_TEMPLATES; empty: none) has in place of the
 * built-in ones: verify-email.txt, whose first line is "Subject: ...", and
 * beside it perhaps verify-email.html; without that the mail is plain text.
 * On failure *problem names file and line, and says what is wrong.
 */
MUST_USE enum status mail_templates_load(struct arena *arena,
                                         struct slice folder,
                                         struct slice *problem,
                                         struct mail_templates *out);

/* The template with its placeholders filled in. */
MUST_USE enum status mail_template_render(struct arena *arena,
                                          const struct mail_template *source,
                                          const struct mail_values *values,
                                          struct mail_template *out);

/* "1 hour", "90 minutes", "2 days": the largest unit that fits exactly. */
MUST_USE enum status mail_expires_text(struct arena *arena, int64_t ms,
                                       struct slice *out);

#endif
