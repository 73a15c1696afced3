import type { Attributes } from './condition-matching.js';

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

/** For `from users u`. */
export const attributeColumns = `u.id, u.username, u.email, u.is_admin as "isAdmin", u.is_active as "isActive",
  u.is_verified as "isVerified", u.timezone, u.language, u.location, u.created_at as "createdAt"`;
