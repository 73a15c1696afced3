import type { MongoAbility } from '@casl/ability';
import { Abilities } from './abilities.js';
import { serviceNow } from './access-token.js';
import { authorizedFetch } from './authorized-fetch.js';
import { Credentials, type SessionState } from './credentials.js';
import { Listeners } from './listeners.js';
import { observe, type Sink, type SubscribePayload } from './observe.js';
import { AbilityDocument, AccessEventsDocument, type TwoFactorMethod } from './operations.js';
import { post, type TypedDocument } from './post.js';
import { type Proof, type ReauthenticateResult, reauthenticate } from './reauthenticate.js';
import { type Challenge, completeSignIn, type SignInResult, signIn, signOut } from './sign-in.js';
import { type FollowOptions, Subscriptions } from './subscriptions.js';

export type { SessionState } from './credentials.js';
// biome-ignore lint/performance/noBarrelFile: this is the entry of the package.
export { type AnswerError, GatehouseError } from './errors.js';
export type { TypedDocument } from './post.js';
export { asksForProof, type Proof, type ReauthenticateResult } from './reauthenticate.js';
export type { Challenge, FieldError, SignInResult } from './sign-in.js';
export type { FollowOptions } from './subscriptions.js';

export interface GatehouseOptions {
  /** Of the GraphQL endpoint, such as `https://id.example.com/graphql`. */
  readonly url: string;
  /**
   * Where the refresh token is kept: `cookie` (the default) for browsers, whose page must be of the service's own site;
   * `memory` elsewhere, where the session lasts until the program ends.
   */
  readonly refreshToken?: 'cookie' | 'memory';
  readonly fetch?: typeof fetch;
  /**
   * How long a request waits for its answer: a whole number of milliseconds, 30,000 by default. Then it fails with
   * `NETWORK_ERROR`, as if the connection was lost, and is not sent again; a mutation may have been done all the same.
   * Only the renewal of the token is sent again, for eight seconds. Requests through `fetch` have the limit that their
   * sender gives them.
   */
  readonly timeout?: number;
  /**
   * Whether `can` follows changes while the page is open: within a second after a role was granted, say. It keeps a websocket
   * open from the first `can` on. By default rights are asked for again when a grant ends or something is refused.
   */
  readonly liveAbilities?: boolean;
  /** For programs whose platform has no `WebSocket`. */
  readonly webSocket?: typeof WebSocket;
}

/**
 * A client for one tab or program.
 *
 * @example
 * const gatehouse = createGatehouse({ url: 'https://id.example.com/graphql' });
 * await gatehouse.start();
 * if (gatehouse.state.status !== 'signedIn') await gatehouse.signIn({ identifier, password });
 * const { viewer } = await gatehouse.request(ViewerDocument, {});
 */
export type Gatehouse = ReturnType<typeof createGatehouse>;

export function createGatehouse(options: GatehouseOptions) {
  const { refreshToken = 'cookie', timeout = 30_000, webSocket } = options;
  // A program has no page that `url` could be relative to.
  const url = new URL(options.url, globalThis.location?.href).href;
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const sharesTabs = refreshToken === 'cookie' && typeof document !== 'undefined';
  const credentials = new Credentials({ url, fetch, refreshToken, sharesTabs, timeout });
  const listeners = new Listeners();
  const authorized = authorizedFetch({ url, fetch, credentials, onForbidden: () => abilities.refused() });
  const request = <Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Promise<Result> => post(authorized, url, document, variables, { signal: AbortSignal.timeout(timeout) });
  const subscriptions = new Subscriptions(url, credentials, webSocket);
  const abilities = new Abilities(
    () => request(AbilityDocument, {}),
    () => listeners.tell(),
    options.liveAbilities ? (signal) => subscriptions.follow(AccessEventsDocument, {}, { signal }) : undefined,
    () => serviceNow(credentials.known),
  );
  const terms = { url, fetch, refreshToken, credentials, timeout };
  credentials.onChange(() => {
    abilities.forget();
    listeners.tell();
  });
  return {
    /** Who is signed in, as far as it is known. The same object until it changes. */
    get state(): SessionState {
      return credentials.state;
    },
    /** Calls a listener whenever `state` or what `can` says may have changed. @returns a function that removes it */
    onChange(listener: () => void): () => void {
      return listeners.add(listener);
    },
    /** Takes up the session of this browser, if there is one. @throws GatehouseError when the service does not answer */
    async start(): Promise<SessionState> {
      await credentials.current();
      return credentials.state;
    },
    signIn: (input: Parameters<typeof signIn>[1]): Promise<SignInResult> => signIn(terms, input),
    completeSignIn: (challenge: Pick<Challenge, 'challengeToken'>, code: string, method?: TwoFactorMethod | null) =>
      completeSignIn(terms, challenge, code, method),
    /**
     * Proves once more who is signed in, for what answers with REAUTHENTICATION_REQUIRED; see `asksForProof`.
     * @throws GatehouseError without a session, and when the service does not answer
     */
    reauthenticate: (proof: Proof): Promise<ReauthenticateResult> => reauthenticate(request, proof),
    signOut: (): Promise<void> => signOut(terms),
    /** A `fetch` for other GraphQL clients; see `authorizedFetch`. */
    fetch: authorized,
    /**
     * Runs a query or mutation.
     * @throws GatehouseError with the code of the first error; NETWORK_ERROR without an answer, or after `timeout`
     */
    request,
    /** Follows a subscription; see `Subscriptions`. */
    follow: <Result extends object, Variables extends object>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      more?: FollowOptions<Result>,
    ): AsyncIterableIterator<Result, undefined> => subscriptions.follow(document, variables, more),
    /** The same as `follow` in the form of a graphql-ws client, for other GraphQL clients. @returns ends it */
    subscribe: (payload: SubscribePayload, sink: Sink): (() => void) =>
      observe((document, variables, more) => subscriptions.follow(document, variables, more), payload, sink),
    /** Whether the caller may do something; see `Abilities`. For buttons: the service decides for itself. */
    can: (action: string, resource: string, attributes?: object): boolean =>
      abilities.can(action, resource, attributes),
    /** What the caller may do as last loaded, for CASL; undefined until then, and as soon as the session ends. */
    get knownAbility(): MongoAbility | undefined {
      return abilities.known;
    },
    /** Loads what the caller may do, for CASL. @throws GatehouseError when the service does not answer */
    ability: (): Promise<MongoAbility> => abilities.load(),
    /** The value of the Authorization header, for clients that open their own websocket; undefined when signed out. */
    async authorization(): Promise<string | undefined> {
      const token = await credentials.current();
      return token && `Bearer ${token.value}`;
    },
    async close(): Promise<void> {
      abilities.close();
      listeners.clear();
      credentials.close();
      await subscriptions.close();
    },
  };
}
