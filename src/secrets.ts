import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** A bearer token of 256 random bits, as 43 characters of base64url. */
export const randomToken = (): string => randomBytes(256 / 8).toString('base64url');

/** The SHA-256 digest under which the database stores a bearer token. Full entropy makes a salt unnecessary. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const nonceBytes = 96 / 8; // NIST SP 800-38D, 8.2.1
const tagBytes = 128 / 8;

/**
 * Encrypts secrets that must be read back (signing keys, queued mail, authenticator secrets) with AES-256-GCM under
 * APP_SECRET.
 */
export class SecretBox {
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly appSecret: string) {}

  /**
   * @param purpose selects the key: a text encrypted for one purpose cannot be decrypted for another
   * @param owner additional authenticated data: a text encrypted for one owner cannot be decrypted for another
   */
  seal(purpose: string, plain: string, owner = ''): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key(purpose), nonce).setAAD(Buffer.from(owner));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** @throws when the text was encrypted under another APP_SECRET, purpose or owner, or was changed since */
  open(purpose: string, sealed: Buffer, owner = ''): string {
    const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), sealed.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    return decipher.update(sealed.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  }

  /**
   * HMAC-SHA-256 of the input. The same input always gives the same result, which only the holder of APP_SECRET can
   * compute.
   */
  derive(purpose: string, input: string): string {
    return createHmac('sha256', this.key(purpose)).update(input).digest('base64url');
  }

  /** HMAC-SHA-256 of bytes, 32 bytes; see `derive`. */
  mac(purpose: string, input: Buffer): Buffer {
    return createHmac('sha256', this.key(purpose)).update(input).digest();
  }

  private key(purpose: string): Buffer {
    const known = this.keys.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.appSecret, '', `gatehouse/${purpose}`, 256 / 8));
    this.keys.set(purpose, key);
    return key;
  }
}
