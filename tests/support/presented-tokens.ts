import { randomBytes } from 'node:crypto';
import { Refusal } from '../../src/errors.js';
import { asSystem } from '../../src/open-services.js';
import type { Operation } from '../../src/operation.js';
import { hashToken, randomToken, SecretBox } from '../../src/secrets.js';
import { refreshSession } from '../../src/sessions/refresh-session.js';
import { firstToken } from '../../src/sessions/refresh-token.js';
import { makeAccount } from './accounts.js';
import type { Harness } from './harness.js';

export const secretOfTests = 'a test secret that has at least 32 bytes';

/** Presents refresh tokens to the use-case, as a service with some APP_SECRET does. */
export class PresentedTokens {
  constructor(private readonly harness: Harness) {}

  private get sql() {
    return this.harness.app.services.database.sql;
  }

  /** @returns the session of a new account, with its first refresh token */
  async open(): Promise<{ sessionId: string; token: string }> {
    const { sessionId } = await makeAccount(this.harness);
    const token = firstToken(new SecretBox(secretOfTests), sessionId);
    await this.sql.rows('update sessions set token_hash = $2 where id = $1', [sessionId, hashToken(token)]);
    return { sessionId, token };
  }

  /** @returns the session of a new account, with a token of before tokens named their session */
  async openStored(): Promise<{ sessionId: string; token: string }> {
    const { sessionId } = await makeAccount(this.harness);
    const token = randomToken();
    await this.sql.rows('insert into refresh_tokens (token_hash, session_id, created_at) values ($1, $2, $3)', [
      hashToken(token),
      sessionId,
      this.harness.clock.now(),
    ]);
    return { sessionId, token };
  }

  /** @returns the successor; the code of the refusal if there is none */
  async present(token: string, secret = secretOfTests): Promise<string> {
    const { services } = this.harness.app;
    const own = { secrets: new SecretBox(secret) };
    const operation: Operation = {
      ...asSystem(services),
      services: Object.assign<typeof services, object>(Object.create(services), own),
    };
    return refreshSession(operation, token).then(
      ({ refreshToken }) => refreshToken,
      (error: unknown) => {
        if (error instanceof Refusal) return String(error.errors[0]?.code);
        throw error;
      },
    );
  }

  /** @returns why the session has ended; null: it is open */
  async endOf(sessionId: string): Promise<string | null | undefined> {
    const text = 'select end_reason as end from sessions where id = $1';
    return (await this.sql.row<{ end: string | null }>(text, [sessionId]))?.end;
  }

  async reopen(sessionId: string): Promise<void> {
    await this.sql.rows('update sessions set ended_at = null, end_reason = null where id = $1', [sessionId]);
  }
}

/** The token with one of its bytes changed. */
export function spoiled(token: string, place: number): string {
  const bytes = Buffer.from(token, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 + (randomBytes(1).readUInt8() % 255)), place);
  return bytes.toString('base64url');
}
