import type { Credentials } from './credentials.js';
import { type AnswerError, hasCode } from './errors.js';
import type { Answer } from './post.js';

interface Terms {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly credentials: Credentials;
  /** Called when an answer has the error FORBIDDEN: what the caller may do has changed. */
  readonly onForbidden: () => void;
}

/**
 * A `fetch` for any GraphQL client. It adds the access token to requests to the service, and to no others. When the
 * service refuses the token, it is renewed once and the request is sent again, unless it was a mutation of which
 * something may have been done.
 */
export function authorizedFetch({ url, fetch, credentials, onForbidden }: Terms): typeof globalThis.fetch {
  const send = (request: Request, token: string | undefined) => {
    if (token) request.headers.set('authorization', `Bearer ${token}`);
    return fetch(request);
  };
  return async (input, init) => {
    const request = new Request(input, init);
    if (!isSame(request.url, url) || request.headers.has('authorization')) return fetch(request);
    const token = await credentials.current();
    const again = request.clone();
    const response = await send(request, token?.value);
    const answer = await errorsIn(response);
    if (hasCode(answer?.errors, 'FORBIDDEN')) onForbidden();
    if (!token || !answer || !hasCode(answer.errors, 'UNAUTHENTICATED')) return response;
    // A GET runs queries only.
    if (request.method !== 'GET' && !mayRepeat(answer, await again.clone().text())) return response;
    const renewed = await credentials.current(token.value);
    // Somebody else has signed in: the request is not theirs.
    return renewed?.userId === token.userId ? send(again, renewed.value) : response;
  };
}

function isSame(one: string, other: string): boolean {
  const [target, service] = [new URL(one), new URL(other)];
  return target.origin === service.origin && target.pathname === service.pathname;
}

/** @returns the answer, if it has errors; the response can still be read */
async function errorsIn(response: Response): Promise<Answer<object> | undefined> {
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return undefined;
  const text = await response.clone().text();
  if (!text.includes('"errors"')) return undefined;
  try {
    const answer = JSON.parse(text) as { errors?: readonly AnswerError[] };
    return Array.isArray(answer.errors) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the request can be sent again: always for a query; for a mutation if its first field itself was refused,
 * because fields of a mutation run one after another until one fails.
 */
function mayRepeat({ errors }: Answer<object>, body: string): boolean {
  const text = queryIn(body)?.replace(/#[^\n\r]*/g, '');
  if (text === undefined) return false;
  const mutations = [...text.matchAll(/\bmutation\b[^{]*\{\s*(\w+)?/g)];
  if (mutations.length === 0) return true;
  const path = errors?.[0]?.path ?? [];
  return mutations.length === 1 && path.length === 1 && path[0] === mutations[0]?.[1];
}

/** @returns the text of the operation; undefined for a body that is not an ordinary GraphQL request */
function queryIn(body: string): string | undefined {
  try {
    const { query } = JSON.parse(body) as { readonly query?: unknown };
    return typeof query === 'string' ? query : undefined;
  } catch {
    return undefined;
  }
}
