import type { Attributes } from '../policy/condition-matching.js';
import { type Columns, selectionOf } from '../policy/condition-sql.js';

// In access/ because rules on roles and grants use it too. access/ must not import accounts/, so it names the table
// only.

/** The fields of an account that conditions may use. Entities and plain rows both have this shape. */
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

/** Attributes of an account, as listed in permission-catalogue.ts. Instants are RFC 3339 texts with milliseconds. */
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

/** The columns of these attributes, for statements with `from users u`. */
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

/** Select list that reads an `AttributedAccount`, for statements with `from users u`. */
export const attributedAccount = selectionOf(userAttributeColumns);
