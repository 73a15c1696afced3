import { Entity, PrimaryKey, Property } from '@mikro-orm/core';

/** A key that signs access tokens. */
@Entity({ tableName: 'signing_keys' })
export class SigningKey {
  /** The `kid`: the RFC 7638 thumbprint of the public key. */
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'json' })
  publicJwk!: Record<string, unknown>;

  /** The private JWK, encrypted with a key derived from APP_SECRET. */
  @Property({ columnType: 'bytea', lazy: true, hidden: true })
  sealedPrivateJwk!: Buffer;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /**
   * Set when a successor takes over. The key verifies until then, so that its tokens can expire, and is deleted
   * afterwards.
   */
  @Property({ columnType: 'timestamptz', nullable: true })
  retiresAt?: Date | null;
}
