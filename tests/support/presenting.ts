import { type Outcome, overHttp, overSocket } from './transports.js';

type Presenting = (url: string, query: string, credentials: Record<string, unknown>) => Promise<Outcome>;

const inHeaders: Presenting = (url, query, credentials) =>
  overHttp(url, { query }, credentials as Record<string, string>);

/** Over a websocket a credential can be any JSON value. */
export const inParameters: Presenting = (url, query, credentials) => overSocket(url, { query }, credentials);

/** Sends a query with any credentials, as HTTP headers or as parameters of `connection_init`. */
export const presenting = [
  ['HTTP', inHeaders],
  ['websocket', inParameters],
] as const;

const viewer = '{ viewer { id } }';

/** Sends an Authorization header unchanged. */
export const inHeader = (url: string, authorization: string): Promise<Outcome> =>
  inHeaders(url, viewer, { authorization });

/** Sends an authorization of any type in `connection_init`. */
export const inConnection = (url: string, authorization: unknown): Promise<Outcome> =>
  inParameters(url, viewer, { authorization });

/** `signed in`, `anonymous`, or the code of the error. */
export const verdict = ({ codes, data }: Outcome): string =>
  codes.join() || (data?.['viewer'] ? 'signed in' : 'anonymous');
