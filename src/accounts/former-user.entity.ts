import { Entity, PrimaryKey, Property } from '@mikro-orm/core';

/** The name of an account that was deleted: the audit trail keeps the id and must stay readable. */
@Entity({ tableName: 'former_users' })
export class FormerUser {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  username!: string;

  @Property({ columnType: 'timestamptz' })
  deletedAt!: Date;
}
