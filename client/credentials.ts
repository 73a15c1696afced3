import { type AccessToken, accessTokenOf, freshFor } from './access-token.js';
import { GatehouseError } from './errors.js';
import { Listeners } from './listeners.js';
import { type CredentialsFragment, RefreshSessionDocument } from './operations.js';
import { post } from './post.js';
import { repeated } from './repeat.js';
import { Tabs } from './tabs.js';

/** Whether somebody is signed in here. `unknown` until the first answer after the page was loaded. */
export type SessionState =
  | { readonly status: 'unknown' | 'signedOut' }
  | {
      readonly status: 'signedIn';
      readonly sessionId: string;
      readonly userId: string;
      readonly username: string;
    };

export interface CredentialsOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Where the refresh token is: in an HttpOnly cookie, or in memory, where it lasts until the page is left. */
  readonly refreshToken: 'cookie' | 'memory';
  readonly sharesTabs: boolean;
  /** A request that has no answer by then has failed, in milliseconds: other tabs wait for a renewal. */
  readonly timeout: number;
}

/** Of a sign-in, renewal or sign-out. Cookies travel with it, from any origin. @param timeout in milliseconds */
export const initOf = (timeout: number): RequestInit => ({
  credentials: 'include',
  signal: AbortSignal.timeout(timeout),
});

/** The credentials of a tab: an access token in memory, renewed with one request for all tabs. */
export class Credentials {
  state: SessionState = { status: 'unknown' };
  deviceToken: string | undefined;
  private token: AccessToken | undefined;
  private refreshToken: string | undefined;
  private renewing: Promise<AccessToken | undefined> | undefined;
  /** Of the newest sign-in, renewal or sign-out that this tab knows of. What is older and arrives late is ignored. */
  private serial = 0;
  private readonly listeners = new Listeners();
  private readonly tabs: Tabs;

  constructor(private readonly options: CredentialsOptions) {
    this.tabs = new Tabs(options.url, options.sharesTabs, {
      token: (token) => token.serial > this.serial && this.adopt(token),
      signedOut: (serial) => serial > this.serial && this.drop(serial),
      asked: (except) => this.usable(except),
    });
  }

  /** @returns a function that removes the listener */
  onChange(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  /** The token as it is, also when it has expired. */
  get known(): AccessToken | undefined {
    return this.token;
  }

  /**
   * A token that has not expired, renewed if need be: with one request, however many callers and tabs wait for it.
   * @param except a token that the service has just refused
   * @returns undefined when nobody is signed in
   * @throws GatehouseError when the service does not answer; whoever was signed in still is
   */
  async current(except?: string): Promise<AccessToken | undefined> {
    const usable = this.usable(except);
    if (usable || this.state.status === 'signedOut') return usable;
    this.renewing ??= this.tabs
      .exclusively(() => this.renew(except))
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }

  /** Runs a sign-in or a sign-out while no tab renews the token, which would bring back the former session. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.tabs.exclusively(work);
  }

  signedIn(credentials: CredentialsFragment): void {
    this.refreshToken = credentials.refreshToken ?? undefined;
    this.deviceToken = credentials.deviceToken ?? this.deviceToken;
    const token = accessTokenOf(credentials, this.nextSerial());
    this.tabs.tell({ type: 'token', token });
    this.adopt(token);
  }

  signedOut(): void {
    const serial = this.nextSerial();
    this.tabs.tell({ type: 'signedOut', serial });
    this.drop(serial);
  }

  close(): void {
    this.listeners.clear();
    this.tabs.close();
  }

  /** By the clock, so that a tab that has missed something is not behind. */
  private nextSerial(): number {
    return Math.max(Date.now(), this.serial + 1);
  }

  private usable(except: string | undefined): AccessToken | undefined {
    const { token } = this;
    return token && freshFor(token) > 0 && token.value !== except ? token : undefined;
  }

  private async renew(except: string | undefined): Promise<AccessToken | undefined> {
    // Another tab may have renewed the token or signed out while this one waited for its turn.
    if (!this.usable(except)) await this.tabs.ask(except);
    const usable = this.usable(except);
    if (usable || this.state.status === 'signedOut') return usable;
    const credentials = await this.refresh();
    if (credentials) this.signedIn(credentials);
    else this.signedOut();
    return this.token;
  }

  /** @returns null when the session has ended, or there is none */
  private async refresh(): Promise<CredentialsFragment | null> {
    const { options, refreshToken } = this;
    if (options.refreshToken === 'memory' && !refreshToken) return null;
    const input = refreshToken ? { refreshToken } : {};
    const send = () => post(options.fetch, options.url, RefreshSessionDocument, { input }, initOf(options.timeout));
    return (await repeated(send)).refreshSession.authentication;
  }

  private adopt(token: AccessToken): void {
    this.serial = token.serial;
    this.token = token;
    const { sessionId, userId, username } = token;
    this.change({ status: 'signedIn', sessionId, userId, username });
  }

  private drop(serial: number): void {
    this.serial = serial;
    this.token = undefined;
    this.refreshToken = undefined;
    this.change({ status: 'signedOut' });
  }

  private change(state: SessionState): void {
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    this.listeners.tell();
  }
}

/** The session of a state, if somebody is signed in. */
export const sessionIn = (state: SessionState): string | undefined =>
  state.status === 'signedIn' ? state.sessionId : undefined;

export const notSignedIn = (): GatehouseError => new GatehouseError('UNAUTHENTICATED', 'Sign in to do this.');
