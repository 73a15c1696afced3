import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** An opaque bearer secret of 256 random bits, base64url. */
export const randomToken = (): string => randomBytes(256 / 8).toString('base64url');

/** What the database keeps of a bearer secret: its SHA-256. The secret has full entropy, so no salt is needed. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const nonceBytes = 96 / 8; // NIST SP 800-38D, 8.2.1
const tagBytes = 128 / 8;

/** Seals what must be read back (signing keys, mail waiting to be sent, authenticators) with AES-256-GCM under APP_SECRET. */
export class SecretBox {
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly appSecret: string) {}

  /**
   * @param purpose separates the keys: what was sealed for one purpose does not open for another
   * @param owner is authenticated with it: what was sealed for one owner does not open for another
   */
  seal(purpose: string, plain: string, owner = ''): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key(purpose), nonce).setAAD(Buffer.from(owner));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** @throws when it was sealed under another secret, purpose or owner, or was changed since. */
  open(purpose: string, sealed: Buffer, owner = ''): string {
    const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), sealed.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    return decipher.update(sealed.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  }

  /** A keyed one-way derivation: the same input always gives the same token, and nobody without APP_SECRET can compute it. */
  derive(purpose: string, input: string): string {
    return createHmac('sha256', this.key(purpose)).update(input).digest('base64url');
  }

  private key(purpose: string): Buffer {
    const known = this.keys.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.appSecret, '', `gatehouse/${purpose}`, 256 / 8));
    this.keys.set(purpose, key);
    return key;
  }
}
