import type { CryptoKey, JWK } from 'jose';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import { SharedWork } from '../operations/shared-work.js';
import type { SecretBox } from '../secrets.js';
import { algorithmOf, importKey, isKeyId, openPrivateKey, type SigningAlgorithm } from './signing-key-material.js';

declare module '../services.js' {
  interface Services {
    readonly signingKeys: SigningKeys;
  }
}

interface Row {
  id: string;
  publicJwk: JWK;
  sealedPrivateJwk: Buffer;
  retiresAt: Date | null;
}

interface Verifier {
  readonly row: Row;
  readonly key: CryptoKey;
}

export interface Signer {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly key: CryptoKey;
}

const allKeys = `
  select id, public_jwk as "publicJwk", sealed_private_jwk as "sealedPrivateJwk", retires_at as "retiresAt"
  from signing_keys order by created_at desc, id`;

/**
 * In milliseconds. Shortest interval between look-ups of unknown `kid`s, which anybody can send. Also the greatest age
 * of the keys while signals cannot be received.
 */
const pause = 200;
/** How many requests may wait for the look-up of an unknown `kid`; further ones are refused at once. */
const mostWaiting = 1000;

/**
 * The service's signing keys as this process knows them. The newest key that is not retired signs; all that are not
 * past their retirement verify. They are read again when a commit changes one, before the next answer.
 */
export class SigningKeys {
  /** By `kid`, newest first. */
  private verifiers: ReadonlyMap<string, Verifier> = new Map();
  private opened: { readonly id: string; readonly key: Promise<CryptoKey> } | undefined;
  private loadedAt = Number.NEGATIVE_INFINITY;
  /** Number of known changes; keys that were read before the last one are outdated. */
  private changes = 1;
  private changesLoaded = 0;
  private waiting = 0;
  private readonly loads = new SharedWork(() => this.load());
  private readonly lookUps = new SharedWork(() => this.loads.run(), pause);

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {
    for (const topic of ['keys', 'forget', 'reset'] as const)
      signals.on(topic, () => {
        this.outdate();
        // Loads ahead of the next request, which tries again if this fails.
        void this.loads.run().catch(() => undefined);
      });
  }

  /** How many requests wait for the look-up of an unknown `kid`. */
  get waitingForLookUp(): number {
    return this.waiting;
  }

  /** Marks the keys as outdated. Call it after a change; other processes are notified by a signal. */
  outdate(): void {
    this.changes += 1;
  }

  /**
   * @returns the key that signs now, if there is one
   * @throws when APP_SECRET does not open it
   */
  async signer(): Promise<Signer | undefined> {
    await this.update();
    const newest = [...this.verifiers.values()].find(({ row }) => row.retiresAt === null)?.row;
    if (!newest) return undefined;
    if (this.opened?.id !== newest.id)
      this.opened = { id: newest.id, key: openPrivateKey(this.secrets, newest.sealedPrivateJwk) };
    return { id: newest.id, algorithm: algorithmOf(newest.publicJwk), key: await this.opened.key };
  }

  /**
   * @returns the key of that `kid`, also if another process has just created it; undefined if it is unknown or retired, or
   *   for another algorithm
   */
  async verifier(id: unknown, algorithm: unknown): Promise<CryptoKey | undefined> {
    if (!isKeyId(id)) return undefined;
    await this.update();
    if (!this.verifiers.has(id)) await this.lookUp();
    const known = this.living(id);
    return known && algorithmOf(known.row.publicJwk) === algorithm ? known.key : undefined;
  }

  /** Whether tokens signed with this key are still valid. */
  async lives(id: string): Promise<boolean> {
    if (!this.isCurrent) await this.update();
    return this.living(id) !== undefined;
  }

  /** Like `lives`, without waiting; undefined when the keys have to be read again first. */
  livesNow(id: string, at: Date): boolean | undefined {
    return this.isCurrent ? this.living(id, at) !== undefined : undefined;
  }

  /**
   * The public keys as a JWK Set (RFC 7517, section 5), newest first. While the database is unavailable, the last known
   * ones.
   */
  async jwks(): Promise<{ keys: JWK[] }> {
    await this.update().catch(() => undefined);
    const living = [...this.verifiers.values()].filter(({ row }) => this.living(row.id));
    return {
      keys: living.map(({ row }) => ({ ...row.publicJwk, kid: row.id, use: 'sig', alg: algorithmOf(row.publicJwk) })),
    };
  }

  private living(id: string, at = this.clock.now()): Verifier | undefined {
    const known = this.verifiers.get(id);
    const retiresAt = known?.row.retiresAt;
    return retiresAt && retiresAt <= at ? undefined : known;
  }

  /** Whether no asynchronous step is needed, which is the common case. */
  private get isCurrent(): boolean {
    return this.signals.isListening && this.changesLoaded === this.changes;
  }

  private async update(): Promise<void> {
    const mayBeOld = performance.now() - this.loadedAt >= pause && !(await this.signals.hears());
    if (mayBeOld || this.changesLoaded !== this.changes) await this.loads.run();
  }

  private async lookUp(): Promise<void> {
    if (this.waiting >= mostWaiting) return;
    this.waiting += 1;
    await this.lookUps.run().finally(() => {
      this.waiting -= 1;
    });
  }

  private async load(): Promise<void> {
    const [changes, begunAt] = [this.changes, performance.now()];
    const rows = await this.database.sql.rows<Row>(allKeys);
    const entries = rows.map(async (row) => {
      const key = this.verifiers.get(row.id)?.key ?? (await importKey(row.publicJwk));
      return [row.id, { row, key }] as const;
    });
    this.verifiers = new Map(await Promise.all(entries));
    this.changesLoaded = changes;
    this.loadedAt = begunAt;
  }
}
