import { Entity, PrimaryKey, Property } from '@mikro-orm/core';

/** An Ed25519 key that signs access tokens. */
@Entity({ tableName: 'signing_keys' })
export class SigningKey {
  /** The `kid`: the RFC 7638 thumbprint of the public key. */
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'json' })
  publicJwk!: Record<string, unknown>;

  /** The private JWK, sealed under APP_SECRET. */
  @Property({ columnType: 'bytea', lazy: true, hidden: true })
  sealedPrivateJwk!: Buffer;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** Set once a successor signs: until then its tokens live out their time, and then it goes. */
  @Property({ columnType: 'timestamptz', nullable: true })
  retiresAt?: Date | null;
}
