import { forbidden, unauthenticated } from './errors.js';
import type { Work } from './operations/work.js';
import type { Caller } from './policy/caller.js';
import type { Services } from './services.js';

/** Where a request comes from. */
interface Client {
  /** IP address of the connection or, behind a trusted proxy, from X-Forwarded-For; null when there is no request. */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The header Accept-Language; absent when the service itself acts. */
  readonly acceptLanguage?: string | undefined;
  /** The device token that the client sent, not yet verified; see authentication/attempts/devices.ts. */
  readonly deviceToken: string | null;
  /** Id of the request, or of the operation on a websocket, as in the log; null when there is none. */
  readonly requestId: string | null;
}

/** The client of a request. */
export interface RequestClient extends Client {
  readonly address: string;
  readonly requestId: string;
}

/** The input common to all use-cases: the services, the caller and the client. */
export interface Operation {
  readonly services: Services;
  readonly client: Client;
  /** Null for anonymous callers, for invalid credentials, and when the service itself acts. */
  readonly caller: Caller | null;
  /** Who acts without a request: the service, in a job, or its operator, by a command. */
  readonly by?: 'service' | 'operator' | undefined;
  /** The request or job of which it is a part; absent for a command. */
  readonly work?: Work | undefined;
}

/** The same operation for a part of the work, so that its statements and hashes are known to belong to it. */
export function forWork(operation: Operation, work: Work | undefined): Operation {
  if (!work) return operation;
  const { database, passwords } = operation.services;
  const own = { database: database.for(work), passwords: passwords.within(work) };
  return { ...operation, work, services: Object.assign<Services, object>(Object.create(operation.services), own) };
}

/** @returns the caller @throws UNAUTHENTICATED for an anonymous caller */
export function requireCaller(operation: Operation): Caller {
  if (!operation.caller) throw unauthenticated();
  return operation.caller;
}

/**
 * @returns the caller with their session
 * @throws UNAUTHENTICATED for an anonymous caller, FORBIDDEN for an API token
 */
export function requireSession(operation: Operation): Caller & { readonly sessionId: string } {
  const { sessionId, ...caller } = requireCaller(operation);
  if (sessionId === null) throw forbidden();
  return { ...caller, sessionId };
}
