import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** A person's account. Not a GraphQL type: user.type.ts selects what clients see. */
@Entity({ tableName: 'users' })
@Index({ name: 'users_created_at_id_index', properties: ['createdAt', 'id'] })
@Index({
  name: 'users_last_login_at_id_index',
  expression: `create index "users_last_login_at_id_index" on "users" (coalesce("last_login_at", '-infinity'), "id")`,
})
@Index({
  name: 'users_administrators',
  expression: 'create index "users_administrators" on "users" ("id") where "is_admin"',
})
@Index({
  name: 'users_locked',
  expression:
    'create index "users_locked" on "users" ("locked_by_admin_until") where "locked_by_admin_until" is not null',
})
export class User {
  [OptionalProps]?: 'id' | 'isAdmin' | 'isActive' | 'isVerified' | 'emailNotifications' | 'version';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Normalized: see identifiers.ts. */
  @Property({ type: 'text', unique: true })
  username!: string;

  /** Normalized: see identifiers.ts. */
  @Property({ type: 'text', unique: true })
  email!: string;

  /**
   * Argon2id hash in PHC format, or an imported hash until the next sign-in. Lazy and hidden, so that no list, answer
   * or log contains it by accident.
   */
  @Property({ type: 'text', lazy: true, hidden: true })
  passwordHash!: string;

  @Property({ type: 'text', nullable: true })
  firstName?: string | null;

  @Property({ type: 'text', nullable: true })
  lastName?: string | null;

  @Property({ type: 'text', nullable: true })
  avatarUrl?: string | null;

  @Property({ type: 'text', nullable: true })
  bio?: string | null;

  @Property({ type: 'text', nullable: true })
  location?: string | null;

  @Property({ type: 'text', nullable: true })
  website?: string | null;

  @Property({ type: 'text', nullable: true })
  timezone?: string | null;

  @Property({ type: 'text', nullable: true })
  language?: string | null;

  @Property({ type: 'boolean', default: true })
  emailNotifications = true;

  @Property({ type: 'boolean', default: false })
  isAdmin = false;

  @Property({ type: 'boolean', default: true })
  isActive = true;

  @Property({ type: 'boolean', default: false })
  isVerified = false;

  /** Rises with each change of the name, the address or the profile. */
  @Property({ type: 'integer', default: 1 })
  version = 1;

  /** End of the lock that an administrator has put on the account. Locks by wrong attempts are in `attempts`. */
  @Property({ columnType: 'timestamptz', nullable: true })
  lockedByAdminUntil?: Date | null;

  @Property({ columnType: 'timestamptz', nullable: true })
  lastLoginAt?: Date | null;

  @Property({ columnType: 'timestamptz' })
  passwordChangedAt!: Date;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;
}
