import { completeTwoFactorLogin, openChallenge } from '../authentication/complete-two-factor-login.js';
import type { Entered } from '../authentication/enter.js';
import { login } from '../authentication/login.js';
import { reauthenticate } from '../authentication/reauthenticate.js';
import { codeAt, stepAt } from '../authentication/second-factor/totp.js';
import { Refusal, UserErrorCode } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Services } from '../services.js';
import { passwordOf } from './demo-passwords.js';
import { computerOf, type Device } from './devices.js';
import type { PastClock } from './past-clock.js';

/** Where the people of the demo act: signs them in when they have no session, at the time of the clock. */
export class Stage {
  readonly users = new Names('account');
  readonly roles = new Names('role');
  readonly posts = new Names('post');
  /** Secrets of the authenticators, by username. */
  readonly authenticators = new Map<string, string>();
  private readonly entered = new Map<string, Entered>();

  constructor(
    readonly services: Services,
    readonly clock: PastClock,
  ) {}

  /** @returns the operation of somebody who is signed in at this device */
  async as(username: string, device: Device = computerOf(username)): Promise<Operation> {
    const sessionId = this.entered.get(keyOf(username, device))?.session.id;
    const caller = sessionId === undefined ? undefined : await this.services.principals.bySession(sessionId);
    if (!caller) return this.signIn(username, device);
    this.services.lastUses.note(caller);
    return { ...this.anonymous(device), caller };
  }

  /** Does something as somebody, who proves who they are again when that is asked for. */
  async act<T>(username: string, work: (operation: Operation) => Promise<T>): Promise<T> {
    const operation = await this.as(username);
    return work(operation).catch(async (error: unknown) => {
      if (!asksForProof(error)) throw error;
      await reauthenticate(operation, { password: this.passwordOf(username) });
      return work(operation);
    });
  }

  /** Opens a session. @throws Refusal when the account may not sign in */
  async signIn(username: string, device: Device = computerOf(username), rememberMe = false): Promise<Operation> {
    const key = keyOf(username, device);
    const operation = this.anonymous(device, this.entered.get(key)?.deviceToken);
    const answer = await login(operation, { ...this.credentialsOf(username), rememberMe, usesCookie: true });
    const entered = 'session' in answer ? answer : await this.enterCode(operation, username, answer.challengeToken);
    this.entered.set(key, entered);
    return this.as(username, device);
  }

  /** Signs in as far as the password; whether it is refused or not is of no matter. */
  async attempt(identifier: string, password: string, device: Device): Promise<void> {
    const input = { identifier, password, rememberMe: false, usesCookie: false };
    await login(this.anonymous(device), input).catch(unlessRefused);
  }

  passwordOf(username: string): string {
    return passwordOf(this.services.secrets, username);
  }

  /** @param steps how many time steps of 30 seconds after the present one */
  codeOf(username: string, steps = 0): string {
    return codeAt(this.authenticators.get(username) ?? '', stepAt(this.clock.now()) + steps);
  }

  private async enterCode(operation: Operation, username: string, challengeToken: string): Promise<Entered> {
    const challenge = await openChallenge(operation, challengeToken);
    return completeTwoFactorLogin(operation, challenge, { code: this.codeOf(username), method: null });
  }

  private credentialsOf = (username: string) => ({ identifier: username, password: this.passwordOf(username) });

  private anonymous({ address, userAgent }: Device, deviceToken: string | null = null): Operation {
    const client = { address, userAgent, deviceToken, requestId: null };
    return { services: this.services, caller: null, client };
  }
}

const keyOf = (username: string, { userAgent }: Device): string => `${username} ${userAgent}`;

function unlessRefused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

const asksForProof = (error: unknown): boolean =>
  error instanceof Refusal && error.errors.some(({ code }) => code === UserErrorCode.REAUTHENTICATION_REQUIRED);

/** Ids by name. */
class Names {
  private readonly ids = new Map<string, string>();

  constructor(private readonly kind: string) {}

  add(name: string, { id }: { readonly id: string }): void {
    this.ids.set(name, id);
  }

  /** @throws for a name that was not added */
  get(name: string): string {
    const id = this.ids.get(name);
    if (!id) throw new Error(`The demo has no ${this.kind} ${name} yet`);
    return id;
  }
}
