import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { type Clock, seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { SecretBox } from '../secrets.js';
import { SigningKey } from './signing-key.entity.js';

interface Row {
  id: string;
  publicJwk: JWK;
  sealedPrivateJwk: Buffer;
}

/** Any number will do, as long as nothing else in this database locks it. */
const creationLock = 7_041_002;
const purpose = 'signing-key';
/** A stranger's unknown `kid` asks the database at most this often. */
const reloadPause = seconds(1);

/** The service's Ed25519 keys: the newest signs, all of them verify. */
export class SigningKeys {
  private readonly verifiers = new Map<string, CryptoKey>();
  private publicKeys: JWK[] = [];
  private signer: { id: string; key: CryptoKey } | undefined;
  private loadedAt = 0;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Loads the keys and makes the first one when there is none. */
  async start(): Promise<void> {
    await this.load();
    if (this.signer) return;
    await this.createFirst();
    await this.load();
  }

  /** The key that signs now. */
  current(): { id: string; key: CryptoKey } {
    if (!this.signer) throw new Error('SigningKeys was not started');
    return this.signer;
  }

  /** @returns the key of that `kid`, also when another process made it a moment ago */
  async verifier(id: string): Promise<CryptoKey | undefined> {
    const known = this.verifiers.get(id);
    if (known || Date.now() - this.loadedAt < reloadPause) return known;
    await this.load();
    return this.verifiers.get(id);
  }

  /** The public keys as RFC 7517 section 5 has them. */
  jwks(): { keys: JWK[] } {
    return { keys: this.publicKeys };
  }

  private async load(): Promise<void> {
    this.loadedAt = Date.now();
    const rows = await this.database.sql.rows<Row>(
      `select id, public_jwk as "publicJwk", sealed_private_jwk as "sealedPrivateJwk" from signing_keys order by created_at desc, id`,
    );
    for (const row of rows) this.verifiers.set(row.id, (await importJWK(row.publicJwk, 'EdDSA')) as CryptoKey);
    this.publicKeys = rows.map((row) => ({ ...row.publicJwk, kid: row.id, use: 'sig', alg: 'EdDSA' }));
    const newest = rows[0];
    if (newest) this.signer = { id: newest.id, key: await this.unseal(newest) };
  }

  private async unseal(row: Row): Promise<CryptoKey> {
    try {
      const jwk: JWK = JSON.parse(this.secrets.open(purpose, row.sealedPrivateJwk));
      return (await importJWK(jwk, 'EdDSA')) as CryptoKey;
    } catch {
      throw new Error(
        'APP_SECRET is not the one that this database was set up with: the signing key cannot be opened.',
      );
    }
  }

  private async createFirst(): Promise<void> {
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const id = await calculateJwkThumbprint(publicJwk);
    const sealedPrivateJwk = this.secrets.seal(purpose, JSON.stringify(await exportJWK(pair.privateKey)));
    await this.database.transaction(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [creationLock]);
      if ((await em.count(SigningKey)) > 0) return;
      em.create(
        SigningKey,
        { id, publicJwk: { ...publicJwk }, sealedPrivateJwk, createdAt: this.clock.now() },
        { persist: true },
      );
    });
  }
}
