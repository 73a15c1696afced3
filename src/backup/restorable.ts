import { migrationNames } from '../database/migration-names.js';

/** What a restore does to sessions, mail and events needs the tables of this migration; older ones are of no release. */
const oldest: (typeof migrationNames)[number] = 'Migration20261127110000_request_ids';

export const isRestorable = (migrations: readonly string[]): boolean => migrations.includes(oldest);
