import { ClientError, GraphQLClient } from 'graphql-request';
import { createClient, type Client as SocketClient } from 'graphql-ws';
import WebSocket from 'ws';

/** A JSON tree that tests can index freely. */
export type Json = { readonly [key: string]: Json } & readonly Json[] & string & number & boolean & null;

export interface Answer {
  readonly status: number;
  readonly data: Json;
  /** Codes of the top-level errors. */
  readonly codes: readonly string[];
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: Record<string, unknown>;
    readonly path?: readonly (string | number)[];
  }[];
  readonly headers: Headers;
}

/** A GraphQL client over HTTP; sends a bearer token once signed in. */
export class Client {
  token: string | undefined;
  refreshToken: string | undefined;
  userId: string | undefined;
  sessionId: string | undefined;
  private readonly graphql: GraphQLClient;

  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {
    this.graphql = new GraphQLClient(`${url}/graphql`, { errorPolicy: 'all' });
  }

  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const headers = { ...this.headers, ...bearer(this.token) };
    const reply = await this.graphql.rawRequest<Json>(query, variables, headers).catch((error: unknown) => {
      if (error instanceof ClientError) return { ...error.response, data: error.response.data as Json };
      throw error;
    });
    const errors = (reply.errors ?? []) as unknown as Answer['errors'];
    return {
      status: reply.status,
      data: reply.data,
      errors,
      codes: errors.map((error) => String(error.extensions['code'])),
      headers: reply.headers as Headers,
    };
  }

  /**
   * Runs a mutation with a single `input` and returns its payload.
   * @param fields of the payload, in addition to `errors`
   */
  async mutate(name: string, input: Record<string, unknown>, fields: string): Promise<Json> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const answer = await this.ask(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code field } } }`,
      { input },
    );
    if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors));
    return answer.data[name] as Json;
  }

  /** Signs in and stores the tokens. */
  async login(identifier: string, password: string, more: Record<string, unknown> = {}): Promise<Json> {
    const fields =
      'result { __typename ... on Authentication { accessToken refreshToken expiresIn tokenType session { id expiresAt isCurrent } user { id username } } }';
    const payload = await this.mutate('login', { identifier, password, ...more }, fields);
    if (payload['result']) this.keep(payload['result'] as Json);
    return payload;
  }

  keep(authentication: Json): void {
    this.token = String(authentication['accessToken']);
    this.refreshToken = String(authentication['refreshToken']);
    this.userId = authentication['user'] ? String(authentication['user']['id']) : this.userId;
    this.sessionId = authentication['session'] ? String(authentication['session']['id']) : this.sessionId;
  }

  /** Opens a websocket with the current token. */
  socket(): SocketClient {
    return openSocket(this.url, bearer(this.token));
  }

  /** Starts a subscription and collects its events. */
  follow(query: string, variables: Record<string, unknown> = {}): Following {
    return new Following(this.socket(), query, variables);
  }
}

/** Sends an access token or API token, as an HTTP header or in `connection_init`. */
export const bearer = (token: string | undefined): { authorization: string } | undefined =>
  token ? { authorization: `Bearer ${token}` } : undefined;

export const openSocket = (url: string, connectionParams?: Record<string, unknown>): SocketClient =>
  createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(connectionParams && { connectionParams }),
  });

/** A running subscription. */
export class Following {
  readonly events: Json[] = [];
  readonly codes: string[] = [];
  /** True when the stream has ended. */
  ended = false;
  readonly stop: () => void;

  constructor(
    readonly client: SocketClient,
    query: string,
    variables: Record<string, unknown>,
  ) {
    const note = (errors: readonly { extensions?: Record<string, unknown> }[]) =>
      this.codes.push(...errors.map(({ extensions }) => String(extensions?.['code'])));
    this.stop = client.subscribe<Json>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors) note(errors);
          if (data) this.events.push(data as Json);
        },
        error: (reason) => {
          if (Array.isArray(reason)) note(reason);
          this.ended = true;
        },
        complete: () => {
          this.ended = true;
        },
      },
    );
  }
}
