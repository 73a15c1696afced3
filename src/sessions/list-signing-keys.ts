import { after } from '../clock.js';
import type { Operation } from '../operation.js';
import { algorithmOf, type SigningAlgorithm } from './signing-key-material.js';

/** What a signing key is used for; also the values of the GraphQL enum `SigningKeyState`. */
export enum SigningKeyState {
  SIGNING = 'SIGNING',
  VERIFYING = 'VERIFYING',
}

export interface ListedKey {
  /** The `kid`. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly state: SigningKeyState;
  readonly createdAt: Date;
  /** Null for the current signing key. */
  readonly retiresAt: Date | null;
  /** When it will be replaced because of its age; null for a key that was replaced. */
  readonly replacedAt: Date | null;
}

type Row = Pick<ListedKey, 'id' | 'createdAt' | 'retiresAt'> & { readonly publicJwk: { readonly kty: string } };

/** The keys that verify tokens, newest first. */
export async function listSigningKeys({ services }: Operation): Promise<ListedKey[]> {
  const rows = await services.database.sql.rows<Row>(
    `select id, created_at as "createdAt", retires_at as "retiresAt", public_jwk as "publicJwk" from signing_keys
     where retires_at is null or retires_at > $1 order by created_at desc, id`,
    [services.clock.now()],
  );
  const age = services.config.lifetimes.signingKey;
  return rows.map(({ publicJwk, ...row }) => ({
    ...row,
    algorithm: algorithmOf(publicJwk),
    state: row.retiresAt ? SigningKeyState.VERIFYING : SigningKeyState.SIGNING,
    replacedAt: row.retiresAt ? null : after(row.createdAt, age),
  }));
}
