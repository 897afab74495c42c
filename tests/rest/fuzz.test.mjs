// SPDX-License-Identifier: Apache-2.0
// Every operation of /api/openapi.json with requests made from its schemas,
// fitting and broken, by nobody, a reader and an administrator. Whatever is
// sent: no 5xx, and an answer the document promises (site.mjs sees to both).
// What breaks a schema is never taken, what fits it never refused for its form.
//
// FUZZ_SEED repeats a run (its seed is printed), FUZZ_RUNS=n asks n times as
// much, FUZZ_ONLY=operationId[,...] for some operations alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { isSanitized } from '../accounts/house.mjs';
import { JSON_TYPE } from './conform.mjs';
import { ENGINE, PASSWORD, Site } from './site.mjs';
import {
  BAD_TOKENS,
  BROKEN_JSON,
  CONDITIONS,
  WRONG_TYPES,
  brokenOf,
  extraName,
  valueOf,
} from './values.mjs';

const ENGINES = process.env.ENGINE ? [ENGINE] : ['sqlite', 'postgres'];
// Every kind there is, where the default has two.
const QUESTIONNAIRE = fileURLToPath(new URL('all-kinds.json', import.meta.url));
const SERVICE_KEY = 'a-key-of-another-service-0123456789';
const SETTINGS = { QUESTIONNAIRE, SERVICE_KEYS: `fuzz:${SERVICE_KEY}` };
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const TIMES = Number(process.env.FUZZ_RUNS ?? (isSanitized() ? 0.2 : 1));
const ONLY = process.env.FUZZ_ONLY?.split(',');
const RUNS = 100;
const DEAR = 16; // of what computes a password's hash each time
const QUERY_MAX = 1500; // characters of a value, before they are encoded

// Refusals of what fits: those look at more than the form. By operation, the
// fields that may be named.
const BEYOND_FORM = {
  signUp: ['consent'],
  putAccount: ['consent'],
  putProfile: ['remove', 'consent'],
  putReaderProfile: ['remove'],
};
// What a stranger would hardly guess.
const LIKELY = {
  signIn: ({ reader: { email, password } }) => ({ email, password }),
  getReaderBackgrounds: ({ reader, admin }) => ({
    ids: [reader.id, 'nobody', admin.id],
  }),
};
const HASHES = ['signUp', 'signIn'];
const ENDS = ['signOut', 'refresh'];

console.log(`# FUZZ_SEED=${SEED} FUZZ_RUNS=${TIMES}`);

const check = (property, runs) =>
  fc.assert(property, { seed: SEED, numRuns: Math.ceil(runs * TIMES) });

/** Who calls, by the credentials they show. */
class People {
  constructor(site) {
    this.site = site;
  }

  async make() {
    this.reader = await this.site.reader();
    this.admin = await this.site.reader();
    await this.site.sql(`UPDATE "user" SET "role" = 'admin' WHERE "id" = $1`, [
      this.admin.id,
    ]);
  }

  service = () => this.site.caller({ token: SERVICE_KEY });

  /** Somebody with a live session, after an operation that ended the last. */
  async alive(name) {
    if (name === 'service') {
      return this.service();
    }
    const { status } = await this[name].get('/auth/me');
    if (status === 401) {
      const { email } = this[name];
      const body = { email, password: PASSWORD };
      const answer = await this.site.api.post('/auth/signin', { body });
      assert.equal(answer.status, 200, answer.text);
      this[name].always.token = answer.json.session_token;
    }
    return this[name];
  }
}

/** The address with its parameters filled in. */
function pathOf({ template }, parameters, values) {
  let path = template;
  const query = new URLSearchParams();
  for (const { name, in: place } of parameters) {
    if (values[name] === undefined) {
      continue;
    }
    if (place === 'path') {
      path = path.replace(`{${name}}`, encodeURIComponent(values[name]));
    } else if (place === 'query') {
      query.set(name, values[name]);
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

const isSendable = (text) => text.length <= QUERY_MAX;

/** Values of the parameters in path and query, as the schemas have them. */
function parametersOf({ operation }, root, people) {
  const ids = [people.reader.id, people.admin.id, 'nobody'];
  const own = { user_id: ids, id: ids };
  const list = operation.parameters.filter((one) => one.in !== 'header');
  const values = fc.record(
    Object.fromEntries(
      list.map(({ name, schema }) => {
        const made = valueOf(schema, root).map(String).filter(isSendable);
        const likely = own[name] ? fc.constantFrom(...own[name]) : made;
        return [name, fc.oneof({ weight: 3, arbitrary: likely }, made)];
      }),
    ),
    { requiredKeys: list.filter((one) => one.required).map(({ name }) => name) },
  );
  return { list, values };
}

function headersOf({ operation }) {
  const names = operation.parameters
    .filter((one) => one.in === 'header')
    .map(({ name }) => name.toLowerCase());
  const conditions = fc.constantFrom(...CONDITIONS);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    fc.record(Object.fromEntries(names.map((name) => [name, conditions])), {
      requiredKeys: [],
    }),
  );
}

/** Bodies that fit; many of them without what is judged by more than form. */
function bodiesOf(found, at) {
  const { contract } = at.site;
  const name = found.operation.operationId;
  const schema = schemaOf(found);
  if (schema === undefined) {
    return fc.constant(undefined);
  }
  const without = (body) =>
    Object.fromEntries(
      Object.entries(body).filter(([key]) => !BEYOND_FORM[name]?.includes(key)),
    );
  const fits = (body) => contract.bodyErrors(found, body) === null;
  const any = valueOf(schema, contract.document).filter(fits);
  const likely = LIKELY[name];
  return fc.oneof(
    any,
    { weight: 2, arbitrary: any.map(without) },
    ...(likely ? [fc.constant(null).map(() => likely(at.people))] : []),
  );
}

const schemaOf = ({ operation }) =>
  operation.requestBody?.content[JSON_TYPE].schema;

/** Texts that a header can hold. */
const toHeader = (text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');

async function fuzzOperation(t, at, found) {
  const { site, people } = at;
  const { method, operation } = found;
  const { operationId: name } = operation;
  const root = site.contract.document;
  const schema = schemaOf(found);
  const runs = HASHES.includes(name) || ENDS.includes(name) ? DEAR : RUNS;
  const { list, values } = parametersOf(found, root, people);
  const isForServices = 'serviceKey' in (operation.security[0] ?? {});
  const callers = isForServices
    ? fc.constantFrom('service', 'service', 'reader')
    : fc.constantFrom('reader', 'admin', 'admin');
  const mighty = isForServices ? 'service' : 'admin';
  const likelyPath = { user_id: people.reader.id, id: people.reader.id };
  const send = (who, path, options) => who.call(method, path, options);

  /** Refusals that a fitting request must not meet. */
  const isAboutForm = ({ status, text }) => {
    if (status === 400 || status === 415) {
      return true;
    }
    if (status !== 422) {
      return false;
    }
    const { error } = JSON.parse(text);
    const fields = Object.keys(error.fields ?? {});
    const allowed = BEYOND_FORM[name] ?? [];
    return (
      error.code === 'VALIDATION_ERROR' &&
      !(fields.length > 0 && fields.every((field) => allowed.includes(field)))
    );
  };

  const fitting = bodiesOf(found, at);

  const fits = async (t) => {
    let taken = 0;
    const one = async (caller, body, query, headers) => {
      const who = await people.alive(caller);
      const path = pathOf(found, list, query);
      const answer = await send(who, path, { body, headers });
      const sent = JSON.stringify(body)?.slice(0, 500);
      assert.ok(!isAboutForm(answer), `${path} ${sent}: ${answer.text}`);
      taken += answer.status < 300;
    };
    const all = [callers, fitting, values, headersOf(found)];
    await check(fc.asyncProperty(...all, one), runs);
    t.diagnostic(`${name}: ${taken} of ${Math.ceil(runs * TIMES)} taken`);
  };

  const broken = async () => {
    const bodies = brokenOf(schema, root).filter(
      (body) => site.contract.bodyErrors(found, body) !== null,
    );
    const one = async (caller, body, query) => {
      const who = await people.alive(caller);
      const path = pathOf(found, list, query);
      const answer = await send(who, path, { body: JSON.stringify(body) });
      const sent = JSON.stringify(body);
      assert.ok(answer.status >= 400, `taken: ${path} ${sent}: ${answer.text}`);
    };
    await check(fc.asyncProperty(callers, bodies, values, one), 2 * RUNS);
  };

  const garbled = async () => {
    const who = await people.alive(mighty);
    const path = pathOf(found, list, likelyPath);
    for (const body of BROKEN_JSON) {
      const answer = await send(who, path, { body });
      const mayLack = operation.requestBody.required === false && body === '';
      const shown = String(body).slice(0, 60);
      assert.ok(mayLack || answer.status >= 400, `taken: ${shown}: ${answer.text}`);
    }
  };

  const mistyped = async () => {
    const one = async (body, type) => {
      const who = await people.alive(mighty);
      const path = pathOf(found, list, likelyPath);
      const headers = { 'content-type': type };
      const answer = await send(who, path, { body, headers });
      assert.ok(answer.status >= 400, `taken as ${type}: ${answer.text}`);
    };
    const types = fc.constantFrom(...WRONG_TYPES);
    await check(fc.asyncProperty(fitting, types, one), runs);
  };

  /** Without credentials, or with bad ones, nobody gets in. */
  const unknown = async () => {
    const isOpen = operation.security.length === 0;
    const takesGuests = operation.security.some((one) => Object.keys(one).length === 0);
    const tokens = fc.oneof(
      fc.constant(undefined),
      fc.constantFrom(...BAD_TOKENS),
      fc.string().map(toHeader),
      fc.nat({ max: 600 }).map((n) => {
        const { token } = people.reader;
        const i = n % token.length;
        return token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      }),
    );
    const one = async (token, body, query, cookie) => {
      const path = pathOf(found, list, query);
      const answer = await send(site.api, path, { token, body, cookie });
      // The last character of a signature may have bits that count for nothing.
      const isOwn = token?.slice(0, -1) === people.reader.token.slice(0, -1);
      const isRefused =
        answer.status >= 400 || (takesGuests && answer.json.profile === null);
      assert.ok(isOpen || isOwn || isRefused, `${token}: ${answer.text}`);
    };
    const cookies = fc.oneof(
      fc.constant(undefined),
      fc.string().map((text) => `better-auth.session_token=${toHeader(text)}`),
    );
    const all = [tokens, fitting, values, cookies];
    await check(fc.asyncProperty(...all, one), runs);
  };

  const strangeQueries = async () => {
    const raw = fc.oneof(
      fc.constantFrom('%', '%zz', '%00', '%ff', '%c0%80', '&&&', '=', '?', '+', '[]=1'),
      fc.constantFrom(...list.map((one) => one.name), 'x').chain((key) =>
        fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })).map(
          (text) => `${key}=${encodeURIComponent(text.toWellFormed())}`,
        ),
      ),
      extraName.map((key) => `${encodeURIComponent(key.toWellFormed())}=1`),
      fc.constant('a=1&'.repeat(200)),
      fc.constant(`since=${'9'.repeat(4000)}`),
    );
    const one = async (parts) => {
      const who = await people.alive('reader');
      const path = pathOf(found, list, { user_id: undefined });
      const bare = path.replace(/\{[^}]+\}/g, 'x').split('?')[0];
      await send(who, `${bare}?${parts.join('&')}`, {});
    };
    const some = fc.array(raw, { minLength: 1, maxLength: 3 });
    await check(fc.asyncProperty(some, one), RUNS / 2);
  };

  await t.test(`${name}: what fits`, fits);
  if (schema) {
    await t.test(`${name}: what is broken`, broken);
    await t.test(`${name}: what is no JSON`, garbled);
    await t.test(`${name}: what is called something else`, mistyped);
  }
  await t.test(`${name}: by nobody, and by who pretends`, unknown);
  if (method === 'get') {
    await t.test(`${name}: strange queries`, strangeQueries);
  }
}

for (const engine of ENGINES) {
  describe(`the plain API on ${engine}`, () => {
    const at = {};
    before(async () => {
      at.site = await new Site({ engine, settings: SETTINGS }).open();
      at.people = new People(at.site);
      await at.people.make();
    });
    after(() => at.site?.close());

    test('each operation', async (t) => {
      const all = at.site.contract.operations();
      for (const found of all) {
        if (!ONLY || ONLY.includes(found.operation.operationId)) {
          await fuzzOperation(t, at, found);
        }
      }
    });
  });
}
