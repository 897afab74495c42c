# SPDX-License-Identifier: Apache-2.0
"""A real mail server for the tests: aiosmtpd, on a free loopback port.

Usage: server.py MODE [CERTIFICATE KEY]
MODE: plain; starttls (and AUTH only after it); smtps; login (AUTH LOGIN only);
refuse-from, refuse-rcpt, defer-rcpt, refuse-data, refuse-message, slow-quit,
silent, no-starttls (AUTH over a clear line), greeting-554.
Prints {"port": N} and then one line of JSON for each mail it took.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(**fields):
    print(json.dumps(fields), flush=True)


class Handler:
    def __init__(self, mode):
        self.mode = mode

    async def handle_EHLO(self, server, session, envelope, hostname, options):
        session.host_name = hostname
        return options

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mode == "refuse-from":
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "refuse-rcpt":
            return "550 5.1.1 no such mailbox"
        if self.mode == "defer-rcpt":
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say(helo=session.host_name, mail_from=envelope.mail_from,
            rcpt_tos=envelope.rcpt_tos, tls=session.ssl is not None,
            user=getattr(session, "auth_data", None),
            content=envelope.original_content.decode("latin-1"))
        if self.mode == "refuse-message":
            return "554 5.6.0 not this one"
        return "250 2.0.0 taken"

    async def handle_QUIT(self, server, session, envelope):
        if self.mode == "slow-quit":
            await asyncio.sleep(60)
        return "221 bye"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (b"reader", b"pass word%")
    if good:
        return AuthResult(success=True, auth_data=mechanism)
    return AuthResult(success=False, handled=False)


class Greeting554(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"554 5.7.1 go away\r\n")


async def main(mode, *files):
    tls = None
    if files:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*files)
    starts = tls if mode in ("starttls", "login") else None
    passwords = mode in ("starttls", "login", "no-starttls", "smtps")

    def protocol():
        if mode == "silent":
            return asyncio.Protocol()
        if mode == "greeting-554":
            return Greeting554()
        return SMTP(Handler(mode), tls_context=starts,
                    auth_require_tls=mode not in ("no-starttls", "smtps"),
                    authenticator=authenticate if passwords else None,
                    auth_exclude_mechanism=["PLAIN"] if mode == "login"
                    else [])

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=tls if mode == "smtps" else None)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
