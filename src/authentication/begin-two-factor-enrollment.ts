import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { holdAccount } from './hold-account.js';
import { type Proved, provePassword } from './prove-password.js';
import { sealSecret } from './second-factor/sealed-secret.js';
import { newSecret, otpauthUri } from './second-factor/totp.js';

/** What a user needs to set up an authenticator. */
export interface Enrollment {
  /** Base32, for manual entry. */
  readonly secret: string;
  readonly otpauthUri: string;
  /** The `otpauthUri` as a QR code: a PNG in a data URL. */
  readonly qrCode: string;
}

/**
 * Creates the secret of a new authenticator and replaces an unconfirmed one. It has no effect until its first code has
 * confirmed it.
 * @throws Refusal INVALID_CREDENTIALS; INVALID_INPUT when a second factor is already enabled
 */
export async function beginTwoFactorEnrollment(operation: Operation, currentPassword: string): Promise<Enrollment> {
  const owner = await provePassword(operation, currentPassword);
  const secret = newSecret();
  const uri = otpauthUri(operation.services.config.serviceName, owner.username, secret);
  const { toDataURL } = await import('qrcode');
  const qrCode = await toDataURL(uri);
  await keep(operation, owner, secret);
  return { secret, otpauthUri: uri, qrCode };
}

const upsert = `
  insert into two_factors as f (user_id, sealed_secret, created_at) values ($1, $2, $3)
  on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
  where f.confirmed_at is null returning user_id`;

async function keep(operation: Operation, owner: Proved, secret: string): Promise<void> {
  const { database, secrets, clock } = operation.services;
  await database.transaction(async (tx) => {
    await holdAccount(tx, operation, owner.passwordHash);
    const kept = await tx.rows(upsert, [owner.id, sealSecret(secrets, secret, owner.id), clock.now()]);
    if (kept.length === 0) throw refuse('INVALID_INPUT', 'The second factor is on already; switch it off first.');
  });
}
