import type { Attributes } from '../policy/condition-matching.js';
import { type Columns, selectionOf } from '../policy/condition-sql.js';

// Stands in access/, since what belongs to accounts is asked about there as well. Accounts are named by table.

/** An account as far as conditions may ask about it: entities and rows alike. */
export interface AttributedAccount {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly timezone?: string | null;
  readonly language?: string | null;
  readonly location?: string | null;
  readonly createdAt: Date;
}

/** What conditions on accounts may ask for: the list of permission-catalogue.ts. Instants are RFC 3339 with milliseconds. */
export const attributesOfUser = (user: AttributedAccount): Attributes => ({
  id: user.id,
  username: user.username,
  email: user.email,
  isAdmin: user.isAdmin,
  isActive: user.isActive,
  isVerified: user.isVerified,
  timezone: user.timezone ?? null,
  language: user.language ?? null,
  location: user.location ?? null,
  createdAt: user.createdAt.toISOString(),
});

/** The same where rows are not read yet: for `from users u`. */
export const userAttributeColumns: Columns = {
  id: { sql: 'u.id', type: 'uuid' },
  username: { sql: 'u.username', type: 'text' },
  email: { sql: 'u.email', type: 'text' },
  isAdmin: { sql: 'u.is_admin', type: 'boolean' },
  isActive: { sql: 'u.is_active', type: 'boolean' },
  isVerified: { sql: 'u.is_verified', type: 'boolean' },
  timezone: { sql: 'u.timezone', type: 'text' },
  language: { sql: 'u.language', type: 'text' },
  location: { sql: 'u.location', type: 'text' },
  createdAt: { sql: 'u.created_at', type: 'timestamptz' },
};

/** Reads an `AttributedAccount`: for `from users u`. */
export const attributedAccount = selectionOf(userAttributeColumns);
