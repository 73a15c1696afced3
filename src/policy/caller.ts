import type { Rights } from './rights.js';

/** The authenticated caller, as far as access decisions need it. */
export interface Caller {
  readonly userId: string;
  /** Null for an API token. */
  readonly sessionId: string | null;
  /** Set for an API token, which permits nothing beyond its scopes. */
  readonly apiToken: { readonly id: string; readonly scopes: readonly string[] } | null;
  /** The caller's rights, evaluated at the moment of each question. */
  readonly rights: Rights;
}

/**
 * The result of authentication. `refused` is true when a credential was sent but is not valid; the caller is then null.
 */
export interface Identity {
  readonly caller: Caller | null;
  readonly refused: boolean;
}
