import { Entity, PrimaryKey, Property } from '@mikro-orm/core';

/** The username of a deleted account. The audit trail keeps the account's id and must stay readable. */
@Entity({ tableName: 'former_users' })
export class FormerUser {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  username!: string;

  @Property({ columnType: 'timestamptz' })
  deletedAt!: Date;
}
