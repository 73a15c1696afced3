import { type AccessToken, accessTokenOf, freshFor, isFresh } from './access-token.js';
import { GatehouseError, isTemporary } from './errors.js';
import { type CredentialsFragment, RefreshSessionDocument } from './operations.js';
import { post } from './post.js';
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
}

/** A request that has no answer by then has failed, in milliseconds: other tabs wait for it. */
const longestWait = 15_000;

/**
 * Pauses before a renewal that had no answer is tried again, in milliseconds. For ten seconds the service answers a
 * refresh token that it has already exchanged once more, so a lost answer loses no session.
 */
const pauses = [500, 2000, 5000];

/** The credentials of a tab: an access token in memory, renewed with one request for all tabs. */
export class Credentials {
  state: SessionState = { status: 'unknown' };
  deviceToken: string | undefined;
  private token: AccessToken | undefined;
  private refreshToken: string | undefined;
  private renewing: Promise<AccessToken | undefined> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly tabs: Tabs;

  constructor(private readonly options: CredentialsOptions) {
    this.tabs = new Tabs(options.url, options.sharesTabs, {
      token: (token) => this.adopt(token),
      signedOut: () => this.drop(),
      asked: (except) => (this.token && isUsable(this.token, except) ? this.token : undefined),
    });
  }

  /** @returns a function that removes the listener */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * A token that has not expired, renewed if need be: with one request, however many callers and tabs wait for it.
   * @param except a token that the service has just refused
   * @returns undefined when nobody is signed in
   * @throws GatehouseError when the service does not answer; whoever was signed in still is
   */
  async current(except?: string): Promise<AccessToken | undefined> {
    if (this.token && isUsable(this.token, except)) return this.token;
    if (this.state.status === 'signedOut') return undefined;
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
    const token = accessTokenOf(credentials, this.token);
    this.adopt(token);
    this.tabs.tell({ type: 'token', token });
  }

  signedOut(): void {
    this.drop();
    this.tabs.tell({ type: 'signedOut' });
  }

  /** The token as it is, also when it has expired. */
  get known(): AccessToken | undefined {
    return this.token;
  }

  close(): void {
    this.listeners.clear();
    this.tabs.close();
  }

  private async renew(except: string | undefined): Promise<AccessToken | undefined> {
    // Another tab may have renewed the token or signed out while this one waited for its turn.
    if (!this.token || !isUsable(this.token, except)) await this.tabs.ask(except);
    if (this.token && isUsable(this.token, except)) return this.token;
    if (this.state.status === 'signedOut') return undefined;
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
    const { refreshSession } = await patiently(() =>
      post(
        options.fetch,
        options.url,
        RefreshSessionDocument,
        { input },
        { credentials: 'include', signal: tooLate() },
      ),
    );
    return refreshSession.authentication;
  }

  private adopt(token: AccessToken): void {
    if (this.token && this.token.serial > token.serial) return;
    this.token = token;
    const { sessionId, userId, username } = token;
    this.change({ status: 'signedIn', sessionId, userId, username });
  }

  private drop(): void {
    this.token = undefined;
    this.refreshToken = undefined;
    this.change({ status: 'signedOut' });
  }

  private change(state: SessionState): void {
    const isSame = JSON.stringify(state) === JSON.stringify(this.state);
    if (!isSame) this.state = state;
    for (const listener of this.listeners) listener();
  }
}

const isUsable = (token: AccessToken, except: string | undefined): boolean => isFresh(token) && token.value !== except;

/** In milliseconds: how long a token lasts, so that whoever holds a socket open can renew it in time. */
export const timeLeft = (token: AccessToken | undefined): number => (token ? freshFor(token) : 0);

const tooLate = () => AbortSignal.timeout(longestWait);

/** Tries again when there was no answer, and waits as long as the service asks for. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await send();
    } catch (error) {
      if (!isTemporary(error)) throw error;
      const wait = (error.retryAfter ?? 0) * 1000;
      if (wait > pause && wait > 2000) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.max(pause, wait)));
    }
  }
  return send();
}

export const notSignedIn = (): GatehouseError => new GatehouseError('UNAUTHENTICATED', 'Sign in to do this.');
