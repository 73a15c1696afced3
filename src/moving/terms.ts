import type { Config } from '../config.js';
import type { KnownRoles } from './known-roles.js';
import type { RecordIds } from './record-ids.js';

/** What checking a record needs to know. */
export interface Terms {
  readonly ids: RecordIds;
  readonly roles: KnownRoles;
  readonly allowAdministrators: boolean;
  /** The service's own cost of hashes, which is always accepted. */
  readonly argon2: Config['argon2'];
  readonly now: Date;
}
