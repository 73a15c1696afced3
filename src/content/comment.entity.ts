import { randomUUID } from 'node:crypto';
import { Entity, Index, ManyToOne, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';
import { Post } from './post.entity.js';

/** A comment on a post. */
@Entity({ tableName: 'comments' })
@Index({ name: 'comments_post', properties: ['postId', 'createdAt', 'id'] })
export class Comment {
  [OptionalProps]?: 'id' | 'version';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @ManyToOne({ entity: () => Post, mapToPk: true, deleteRule: 'cascade', fieldName: 'post_id', index: false })
  postId!: string;

  @Index()
  @ManyToOne({ entity: 'User', mapToPk: true, deleteRule: 'cascade', fieldName: 'author_id' })
  authorId!: string;

  @Property({ type: 'text' })
  body!: string;

  /** Rises with each change. */
  @Property({ type: 'integer', default: 1 })
  version = 1;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Property({ columnType: 'timestamptz' })
  updatedAt!: Date;
}
