# SPDX-License-Identifier: Apache-2.0
"""The backend of a book, in the manner of the seeds: FastAPI and PyJWT.

Accounts are the plain API's; it shares nothing with them but their address.
A reader's token is verified by the published keys alone, and with it the
backend asks for the reader's profile on the reader's behalf, to choose the
words of a chapter.

Settings: ACCOUNTS_URL, where the accounts are asked; ISSUER, the base URL
they sign with. Prints the port it listens on, and ends when stdin does.
"""
import json
import os
import socket
import sys
import threading
import urllib.error
import urllib.request
from datetime import datetime
from enum import Enum
from typing import Optional

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Extra

ACCOUNTS_URL = os.environ["ACCOUNTS_URL"]
ISSUER = os.environ["ISSUER"]
MEMBERS = ["sub", "sid", "iat", "exp", "iss", "aud"]
SECONDS = 10


class Experience(str, Enum):
    beginner = "beginner"
    intermediate = "intermediate"
    expert = "expert"


class Depth(str, Enum):
    none = "none"
    basic = "basic"
    intermediate = "intermediate"
    advanced = "advanced"


class Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Background(Strict):
    software_experience: Optional[Experience]
    programming_background: Optional[Depth]
    hardware_knowledge: Optional[Depth]


class SignedUp(Strict):
    user_id: str
    email: str
    session_token: str
    expires_in: int
    profile_complete: bool
    background: Background


class SignedIn(Strict):
    user_id: str
    email: str
    session_token: str
    expires_in: int
    background: Background


class Profile(Strict):
    user_id: str
    email: str
    background: Background
    created_at: datetime
    updated_at: datetime


class Refreshed(Strict):
    session_token: str
    expires_in: int


class Refused(Exception):
    """What the accounts said, for whoever asked us."""

    def __init__(self, status: int, answer: dict):
        super().__init__(answer)
        self.status = status
        self.answer = answer


def ask(method: str, path: str, body=None, token: Optional[str] = None):
    headers = {"accept": "application/json"}
    data = None
    if body is not None:
        headers["content-type"] = "application/json"
        data = json.dumps(body).encode()
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(
        ACCOUNTS_URL + path, data=data, headers=headers, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        raise Refused(error.code, json.loads(error.read())) from error


keys = jwt.PyJWKClient(f"{ACCOUNTS_URL}/.well-known/jwks.json")
app = FastAPI()
bearer = HTTPBearer()


@app.exception_handler(Refused)
def tell(_request, refused: Refused) -> JSONResponse:
    return JSONResponse(refused.answer, status_code=refused.status)


def claims_of(token: str) -> dict:
    return jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        issuer=ISSUER,
        audience=ISSUER,
        options={"require": MEMBERS},
    )


def claims(
    credentials: HTTPAuthorizationCredentials = Depends(bearer),
) -> dict:
    try:
        return claims_of(credentials.credentials)
    except jwt.PyJWTError as error:
        raise HTTPException(401, type(error).__name__) from error


def token(
    credentials: HTTPAuthorizationCredentials = Depends(bearer),
) -> str:
    return credentials.credentials


@app.get("/me")
def me(known: dict = Depends(claims)) -> dict:
    return known


@app.post("/sign-up", status_code=201)
def sign_up(body: dict) -> SignedUp:
    return SignedUp(**ask("POST", "/auth/signup", body))


@app.post("/sign-in")
def sign_in(body: dict) -> SignedIn:
    return SignedIn(**ask("POST", "/auth/signin", body))


@app.post("/renew")
def renew(old: str = Depends(token)) -> Refreshed:
    return Refreshed(**ask("POST", "/auth/refresh", token=old))


@app.put("/background")
def change(body: dict, mine: str = Depends(token)) -> Profile:
    answer = ask("PUT", "/auth/profile", {"background": body}, mine)
    return Profile(**answer)


@app.post("/leave")
def leave(mine: str = Depends(token)) -> dict:
    ask("POST", "/auth/signout", token=mine)
    return {"left": True}


WORDS = {
    None: "A servo turns an axis to the angle it is told.",
    "none": "A servo is a small motor that keeps the angle it is told.",
    "basic": "A servo holds an angle; a pulse of 1 to 2 ms says which.",
    "intermediate": "A servo closes a position loop around a geared motor.",
    "advanced": "Position loop at 50 Hz: 1.5 ms is the centre, 0.5 the span.",
}


@app.get("/chapters/servo")
def chapter(
    known: dict = Depends(claims), mine: str = Depends(token)
) -> dict:
    profile = Profile(**ask("GET", "/auth/profile", token=mine))
    if profile.user_id != known["sub"]:
        raise HTTPException(500, "the profile is somebody else's")
    level = profile.background.hardware_knowledge
    level = level.value if level else None
    return {"reader": profile.email, "level": level, "text": WORDS[level]}


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
