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
    const token = (await credentials.current())?.value;
    const again = request.clone();
    const response = await send(request, token);
    const answer = await errorsIn(response);
    if (hasCode(answer?.errors, 'FORBIDDEN')) onForbidden();
    if (!token || !answer || !hasCode(answer.errors, 'UNAUTHENTICATED')) return response;
    if (!isUndone(answer, await again.clone().text())) return response;
    const renewed = await credentials.current(token);
    return renewed ? send(again, renewed.value) : response;
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
 * Whether the request can be sent again: always for a query; for a mutation if the first of its fields was refused,
 * because they run one after another until one fails.
 */
function isUndone({ errors }: Answer<object>, body: string): boolean {
  if (!/\bmutation\b/.test(body)) return true;
  const first = /\bmutation\b[^{]*\{(?:\s|\\n)*(\w+)/.exec(body)?.[1];
  return first !== undefined && errors?.[0]?.path?.[0] === first;
}
