# SPDX-License-Identifier: Apache-2.0
"""Reads the mail on stdin with Python's own email package, tells in JSON."""
import email
import email.header
import email.policy
import email.utils
import json
import sys

raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
lines = raw.split(b"\r\n")
parts = [part for part in mail.walk() if not part.is_multipart()]
older = email.message_from_bytes(raw)


def addresses(name):
    """The older parser: Python 3.11's newer one puts a space between encoded
    words of a name, which RFC 2047 section 6.2 says is not there."""
    return [[str(email.header.make_header(email.header.decode_header(words))),
             address]
            for words, address in email.utils.getaddresses([older[name]])]


print(json.dumps({
    "names": mail.keys(),
    "from": addresses("From"),
    "to": addresses("To"),
    "subject": mail["Subject"],
    "date": mail["Date"].datetime.timestamp(),
    "id": mail["Message-ID"],
    "type": mail.get_content_type(),
    "parts": [[part.get_content_type(), part.get_content()]
              for part in parts],
    "longest": max(map(len, lines)),
    "bare": b"\n" in b"".join(lines) or b"\r" in b"".join(lines),
    "ascii": raw.isascii(),
    "defects": [repr(d) for part in mail.walk() for d in part.defects]
    + [repr(d) for name in mail.keys() for d in mail[name].defects],
}))
