import type { FastifyRequest } from 'fastify';
import { withText } from '../api/asked-document.js';

/** Names of the parameters that say which document a GET is for. */
const names = ['query', 'documentId', 'doc_id', 'id', 'extensions'] as const;

/** The members of a request that say which document it is for. Undefined for one that Apollo refuses in any case. */
export function membersOf(request: FastifyRequest): object | undefined {
  const { method, body } = request;
  if (method === 'GET') return membersIn(parametersOf(request));
  return method === 'POST' && typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
}

/** Lets the request be for this text alone, whichever way it takes. @param members of the request */
export function putText(request: FastifyRequest, members: object, text: string): void {
  const put = withText(members, text);
  if (request.method === 'POST') request.body = put;
  else request.raw.url = `/graphql?${parametersWith(parametersOf(request), put)}`;
}

/** Read as Apollo reads them, so that both see the same text. */
const parametersOf = ({ url }: FastifyRequest): URLSearchParams => new URL(url, 'http://localhost/').searchParams;

/** @returns undefined when text or extensions are there twice, or the extensions are no JSON */
function membersIn(parameters: URLSearchParams): object | undefined {
  if (parameters.getAll('query').length > 1 || parameters.getAll('extensions').length > 1) return undefined;
  const members: Record<string, unknown> = {};
  for (const name of names) members[name] = parameters.get(name) ?? undefined;
  try {
    const { extensions } = members;
    return typeof extensions === 'string' ? { ...members, extensions: JSON.parse(extensions) } : members;
  } catch {
    return undefined;
  }
}

function parametersWith(parameters: URLSearchParams, members: Record<string, unknown>): URLSearchParams {
  for (const name of names) {
    const value = members[name];
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return parameters;
}
