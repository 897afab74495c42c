# SPDX-License-Identifier: Apache-2.0
"""A backend in another language: GET /me tells who sent the token.

It shares nothing with the accounts but their address. Settings: ISSUER, the
base URL of the accounts; JWKS_URL, where their keys are; ALGORITHM, the only
one it believes. Prints the port it listens on, and ends when stdin does.
"""
import os
import socket
import sys
import threading

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ISSUER = os.environ["ISSUER"]
ALGORITHM = os.environ["ALGORITHM"]
MEMBERS = ["sub", "iat", "exp", "iss", "aud"]

app = FastAPI()
keys = jwt.PyJWKClient(os.environ["JWKS_URL"])


def read_token(token: str) -> dict:
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(
        token,
        key.key,
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        audience=ISSUER,
        options={"require": MEMBERS},
    )


def reader(
    bearer: HTTPAuthorizationCredentials = Depends(HTTPBearer()),
) -> dict:
    try:
        return read_token(bearer.credentials)
    except jwt.PyJWTError as error:
        raise HTTPException(401, type(error).__name__) from error


@app.get("/me")
def me(claims: dict = Depends(reader)) -> dict:
    return {name: claims[name] for name in ("sub", "email", "name")}


def end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=end_with_stdin, daemon=True).start()
    config = uvicorn.Config(app, log_level="warning", lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])
