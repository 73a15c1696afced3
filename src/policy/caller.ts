import type { Rights } from './rights.js';

/** Who is calling, as far as decisions need it. */
export interface Caller {
  readonly userId: string;
  /** Null for a caller with an API token. */
  readonly sessionId: string | null;
  /** Set for a caller with an API token, which does nothing beyond its scopes. */
  readonly apiToken: { readonly id: string; readonly scopes: readonly string[] } | null;
  /** What they may do, looked at when it is asked. */
  readonly rights: Rights;
}

/** Who is calling. `refused` is set when a credential was presented that does not hold. */
export interface Identity {
  readonly caller: Caller | null;
  readonly refused: boolean;
}
