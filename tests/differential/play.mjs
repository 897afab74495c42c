// SPDX-License-Identifier: Apache-2.0
// Plays one scenario against one server and keeps, in order, what was sent
// and what came back. A scenario only sees a `Stage`, never which server it is
// on. What an answer lacks reads as '', so that a scenario goes on after a
// surprise and shows all that differs.
import { setTimeout as delay } from 'node:timers/promises';

import { send } from './client.mjs';

const MAIL_WAIT_MS = 3_000;
const ENCODED = 'application/x-www-form-urlencoded';

export const PASSWORD = 'correct horse 42';
export const BASE = '/api/auth';
/** The proxy in front says so; both servers trust it. */
export const CLIENT = '203.0.113.7';

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a browser would send back of the cookies an answer set. */
export function cookieOf(answer, before = '') {
  const jar = new Map(
    before
      .split('; ')
      .filter(Boolean)
      .map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]),
  );
  for (const [name, line] of answer.fields) {
    if (name !== 'set-cookie') {
      continue;
    }
    const [pair, ...attributes] = line.split('; ');
    const key = pair.split('=')[0];
    jar.set(key, pair.slice(pair.indexOf('=') + 1));
    if (attributes.includes('Max-Age=0')) {
      jar.delete(key);
    }
  }
  return [...jar].map(([key, value]) => `${key}=${value}`).join('; ');
}

/** The value of one cookie of an answer, as it stands on the wire. */
export function cookieNamed(answer, name) {
  const line = answer.fields.find(
    ([key, value]) => key === 'set-cookie' && value.startsWith(`${name}=`),
  );
  return line ? line[1].split('; ')[0].slice(name.length + 1) : '';
}

function fieldsOf({ cookie, bearer, origin, type, headers = {} }, stage) {
  const named = { Host: stage.host, 'X-Forwarded-For': CLIENT };
  if (type !== undefined && type !== null) {
    named['Content-Type'] = type;
  }
  if (cookie) {
    named.Cookie = cookie;
  }
  if (origin) {
    named.Origin = origin;
  }
  if (bearer !== undefined) {
    named.Authorization = `Bearer ${bearer}`;
  }
  const all = Object.entries({ ...named, ...headers });
  return all.flatMap(([name, value]) =>
    [value]
      .flat()
      .filter(Boolean)
      .map((one) => [name, one]),
  );
}

export class Stage {
  #server;
  records = [];

  constructor(server, scenario) {
    this.#server = server;
    this.scenario = scenario;
    this.origin = server.origin;
    this.host = new URL(server.origin).host;
    this.port = Number(new URL(server.url).port);
  }

  #record(name, request, answer) {
    if (this.records.some((record) => record.name === name)) {
      throw new Error(`${this.scenario.name}: two requests "${name}"`);
    }
    this.records.push({ name, request, answer });
    return answer;
  }

  /** Any request; `path` is below /api/auth unless it begins with "!". */
  async ask(name, method, path, options = {}) {
    const request = {
      method,
      target: path.startsWith('!') ? path.slice(1) : `${BASE}${path}`,
      fields: fieldsOf(options, this),
      body: options.body,
    };
    const answer = await send(this.port, request);
    const json = parse(answer.body);
    return this.#record(name, request, {
      ...answer,
      json,
      token: json?.token ?? json?.session?.token ?? '',
      user: json?.user ?? {},
      cookie: cookieOf(answer, options.cookie ?? ''),
    });
  }

  get(name, path, options = {}) {
    return this.ask(name, 'GET', path, options);
  }

  /**
   * A POST of JSON as the official client sends it. With cookies and nothing
   * said of the Origin it comes from the server's own pages; `origin: null`
   * sends none, `type: null` no content type.
   */
  post(name, path, body, options = {}) {
    const origin =
      options.origin === undefined && options.cookie
        ? this.origin
        : options.origin;
    const type = options.type === undefined ? 'application/json' : options.type;
    return this.ask(name, 'POST', path, { ...options, body, origin, type });
  }

  form(name, path, text, options = {}) {
    return this.post(name, path, text, { ...options, type: ENCODED });
  }

  /** An account; `more` goes into the body. */
  signUp(who, more = {}, options = {}) {
    const body = { name: who, email: this.mailOf(who), password: PASSWORD };
    return this.post(
      `${who} signs up`,
      '/sign-up/email',
      { ...body, ...more },
      options,
    );
  }

  /** Each scenario has addresses of its own: several share a server. */
  mailOf(who) {
    return `${who}.${this.scenario.name}@example.com`;
  }

  /** Something else that must be the same on both servers. */
  note(name, value) {
    const body = typeof value === 'string' ? value : JSON.stringify(value);
    this.#record(name, null, { status: 200, fields: [], body });
  }

  /**
   * The newest mail to an address once there are `count`, noted as
   * (address, link); its link without the origin as {path, token}.
   */
  async mail(name, address, count = 1) {
    const deadline = Date.now() + MAIL_WAIT_MS;
    let mails = [];
    for (;;) {
      mails = (await this.#server.mails()).filter((m) => m.to === address);
      if (mails.length >= count || Date.now() > deadline) {
        break;
      }
      await delay(20);
    }
    const link = linkOf(mails.at(-1));
    this.note(name, `${mails.length} to ${address}\n${link}`);
    const target = link.replace(this.origin, '') || '/no-mail-came';
    return { path: `!${target}`, token: tokenOf(link) };
  }

  /**
   * How many mails went to an address, after one that surely came. Ours sends
   * from a queue, which has to be empty first.
   */
  async mailCount(name, address) {
    const deadline = Date.now() + MAIL_WAIT_MS;
    while ((await this.#isSending()) && Date.now() < deadline) {
      await delay(20);
    }
    const mails = await this.#server.mails();
    this.note(name, `${mails.filter((m) => m.to === address).length} mails`);
  }

  async #isSending() {
    const isOurs = this.#server.target === 'ours';
    return isOurs && (await this.sql('SELECT 1 FROM bookplate_outbox')).length > 0;
  }

  /** A statement on the server's database; values stand as `?`. */
  sql(text, values = []) {
    const rest = [...values];
    return this.#server.sql(text.replaceAll('?', () => quoted(rest.shift())));
  }

  wait(ms) {
    return delay(ms);
  }
}

/** A literal that both engines read alike. */
function quoted(value) {
  return value === null ? 'null' : `'${`${value}`.replaceAll("'", "''")}'`;
}

/** The link of a mail: a member of it, or the first in its text. */
function linkOf(mail) {
  return mail?.url ?? /https?:\/\/[^\s"<>]+/.exec(mail?.text ?? '')?.[0] ?? '';
}

function tokenOf(link) {
  const match = /[?&]token=([^&]*)|\/reset-password\/([^?]*)/.exec(link);
  return match?.[1] ?? match?.[2] ?? '';
}

/** Everything a scenario sent to one server, with the answers. */
export async function play(server, scenario) {
  const stage = new Stage(server, scenario);
  const began = Date.now();
  try {
    await scenario.play(stage);
  } catch (error) {
    stage.note('the scenario ended early', `${error}`);
  }
  const { origin, secret } = server;
  return { began, origin, secret, records: stage.records };
}
