import { type Outcome, overHttp, overSocket } from './transports.js';

type Presenting = (url: string, query: string, credentials: Record<string, unknown>) => Promise<Outcome>;

const inHeaders: Presenting = (url, query, credentials) =>
  overHttp(url, { query }, credentials as Record<string, string>);

/** Over a websocket credentials can be anything, text or not. */
export const inParameters: Presenting = (url, query, credentials) => overSocket(url, { query }, credentials);

/** Asks with any credentials, as headers or as parameters of `connection_init`. */
export const presenting = [
  ['HTTP', inHeaders],
  ['websocket', inParameters],
] as const;

const viewer = '{ viewer { id } }';

/** Sends an Authorization header as it stands. */
export const inHeader = (url: string, authorization: string): Promise<Outcome> =>
  inHeaders(url, viewer, { authorization });

/** Sends it, or anything that is no text, in `connection_init`. */
export const inConnection = (url: string, authorization: unknown): Promise<Outcome> =>
  inParameters(url, viewer, { authorization });

/** `signed in`, `anonymous`, or the code of the refusal. */
export const verdict = ({ codes, data }: Outcome): string =>
  codes.join() || (data?.['viewer'] ? 'signed in' : 'anonymous');
