import { forbidden, unauthenticated } from './errors.js';
import type { Caller } from './policy/caller.js';
import type { Services } from './services.js';

/** Where a request came from. */
export interface Client {
  /** Told by the connection, or by a trusted proxy. */
  readonly address: string;
  readonly userAgent: string | null;
  /** What the device got at an earlier sign-in, as it was presented; see authentication/devices.ts. */
  readonly deviceToken: string | null;
}

/** What every use-case is given: the parts of the service, who calls and from where. */
export interface Operation {
  readonly services: Services;
  readonly client: Client;
  /** Null for anonymous callers, and for those whose credential was refused. */
  readonly caller: Caller | null;
}

/** @throws UNAUTHENTICATED */
export function signedIn(operation: Operation): Caller {
  if (!operation.caller) throw unauthenticated();
  return operation.caller;
}

/** Callers in a session of their own. @throws UNAUTHENTICATED, FORBIDDEN for an API token */
export function inSession(operation: Operation): Caller & { readonly sessionId: string } {
  const { sessionId, ...caller } = signedIn(operation);
  if (sessionId === null) throw forbidden();
  return { ...caller, sessionId };
}
