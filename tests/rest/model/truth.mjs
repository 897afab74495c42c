// SPDX-License-Identifier: Apache-2.0
// What should be so: readers, their answers, places and sessions, as plain
// values, and what each act makes of them. No server, no SQL, no clock.
//
// RULES are the promises a careless hand could break; a test takes them out
// one at a time, and the comparison has to notice.

export const RULES = {
  signOutEnds: true, // and not only on this device
  partialKeeps: true, // answers that a change does not name
  guestYields: true, // to what the reader has said
  guestOnce: true, // the same browser's answers are taken over once
  newerWins: true, // of two devices about one page
  refusedChangesNothing: true,
  deletionTakesAll: true,
  banEnds: true, // every session, for good
};

const copy = (value) => structuredClone(value);

/** Somebody with an address, who may have an account. */
export class Reader {
  account = null;
  ended = []; // tokens that open nothing any more
  noted = {}; // what the audit has to say: how often

  constructor(email, rules = RULES) {
    this.email = email;
    this.rules = rules;
  }

  get isKnown() {
    return this.account !== null;
  }

  get sessions() {
    return this.account?.sessions ?? [];
  }

  /** The session a device uses, or undefined. */
  session(device) {
    const { sessions } = this;
    return sessions.length > 0 ? sessions[device % sessions.length] : undefined;
  }

  /** In all, and of the account there is now. */
  note(event) {
    for (const noted of [this.noted, this.account?.noted ?? {}]) {
      noted[event] = (noted[event] ?? 0) + 1;
    }
  }

  /** An account that is there, by whatever way. */
  begin(id, password, session) {
    this.account = {
      id,
      password,
      banned: false,
      answers: {},
      version: 0,
      history: 0,
      merges: [],
      noted: {},
      pages: new Map(),
      sessions: [session],
    };
  }

  signUp(id, password, session, { answers = {}, marks = [] }) {
    this.begin(id, password, session);
    this.note('sign-up');
    this.answer(answers);
    this.read(marks);
  }

  signIn(session) {
    this.account.sessions.push(session);
    this.note('sign-in');
  }

  failToSignIn() {
    this.note('sign-in-failed');
  }

  /** The tokens before stay as good as the session. */
  renew(session, token) {
    session.tokens.push(token);
  }

  #end(sessions) {
    this.ended.push(...sessions.flatMap(({ tokens }) => tokens));
  }

  endSession(session) {
    if (!this.rules.signOutEnds) {
      return;
    }
    this.#end([session]);
    this.note('session-end');
    const { account } = this;
    account.sessions = account.sessions.filter((one) => one !== session);
  }

  /** All, but for one that takes their place. */
  changePassword(password, session) {
    this.account.password = password;
    this.note('password-change');
    if (session !== undefined) {
      this.#end(this.sessions);
      this.account.sessions = [session];
    }
  }

  ban() {
    this.account.banned = true;
    this.note('admin');
    if (this.rules.banEnds) {
      this.#end(this.sessions);
      this.account.sessions = [];
    }
  }

  unban() {
    this.account.banned = false;
    this.note('admin');
  }

  /** By the reader's own wish, or an administrator's. */
  leave(by = 'erasure') {
    this.#end(this.sessions);
    this.note(by);
    if (this.rules.deletionTakesAll) {
      this.account = null;
    } else {
      this.account.sessions = [];
    }
  }

  /** What the answers are once these are given: the profile, and whether it
   * is another. */
  #after(answers) {
    return this.rules.partialKeeps
      ? { ...this.account.answers, ...answers }
      : copy(answers);
  }

  #store(next, { isMerge = false, by = 'profile-change' } = {}) {
    const { account } = this;
    const before = account.answers;
    const names = Object.keys({ ...before, ...next });
    const isOther = names.some(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(next[name]),
    );
    account.answers = copy(next);
    account.version += isOther || isMerge ? 1 : 0;
    if (isOther) {
      account.history += 1;
      this.note(by);
    }
  }

  answer(answers) {
    this.#store(this.#after(answers));
  }

  /** An administrator says what the reader knows. */
  isAnsweredFor(answers) {
    this.#store(this.#after(answers), { by: 'admin' });
  }

  takeBack(names) {
    const kept = Object.entries(this.account.answers).filter(
      ([name]) => !names.includes(name),
    );
    this.#store(Object.fromEntries(kept));
  }

  refuseAnswers(answers) {
    if (!this.rules.refusedChangesNothing) {
      this.answer(answers);
    }
  }

  /** What a guest said in some browser, before signing in there. */
  takeOver(browser, answers) {
    const { account } = this;
    const isNew = !account.merges.includes(browser);
    if (!isNew && this.rules.guestOnce) {
      return;
    }
    if (isNew) {
      account.merges.push(browser);
    }
    const next = this.rules.guestYields
      ? { ...answers, ...account.answers }
      : { ...account.answers, ...answers };
    this.#store(next, { isMerge: isNew });
  }

  /** What a device says of pages: { page, state, place, seconds, at }. */
  read(marks) {
    for (const mark of marks) {
      const held = this.account.pages.get(mark.page);
      const seconds = Math.max(held?.seconds ?? 0, mark.seconds);
      const isNewer =
        held === undefined || !this.rules.newerWins || mark.at >= held.at;
      const { state, place, at } = isNewer ? mark : held;
      this.account.pages.set(mark.page, { state, place, seconds, at });
    }
  }

  /** What would be so if `act` happened; nothing has. */
  imagine(act) {
    const twin = new Reader(this.email, this.rules);
    twin.account = copy(this.account);
    twin.ended = [...this.ended];
    twin.noted = { ...this.noted };
    act(twin);
    return twin;
  }

  /** One of those it was. */
  become({ account, ended, noted }) {
    Object.assign(this, { account, ended, noted });
  }

  /** How many rows of each kind the reader has. */
  rows() {
    const { account } = this;
    return {
      users: account ? 1 : 0,
      accounts: account ? 1 : 0,
      sessions: this.sessions.length,
      profiles: account && account.version > 0 ? 1 : 0,
      history: account?.history ?? 0,
      progress: account?.pages.size ?? 0,
    };
  }
}
