import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** A post. Names the entity `User` as text, because content/ knows accounts only by id. */
@Entity({ tableName: 'posts' })
@Index({
  name: 'posts_published',
  expression: 'create index "posts_published" on "posts" ("created_at", "id") where "published"',
})
@Index({ name: 'posts_created', properties: ['createdAt', 'id'] })
@Index({ name: 'posts_category', properties: ['category', 'createdAt', 'id'] })
export class Post {
  [OptionalProps]?: 'id' | 'published' | 'version';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Index()
  @ManyToOne({ entity: 'User', mapToPk: true, deleteRule: 'cascade', fieldName: 'author_id' })
  authorId!: string;

  @Property({ type: 'text' })
  title!: string;

  @Property({ type: 'text' })
  body!: string;

  @Property({ type: 'text', nullable: true })
  category?: string | null;

  @Property({ type: 'boolean', default: false })
  published = false;

  /** Rises with each change. */
  @Property({ type: 'integer', default: 1 })
  version = 1;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz' })
  updatedAt!: Date;

  /** When it was published for the first time; kept when it is unpublished. */
  @Property({ columnType: 'timestamptz', nullable: true })
  publishedAt?: Date | null;
}
