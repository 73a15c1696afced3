import { randomBytes } from 'node:crypto';
import type { SecretBox } from '../../secrets.js';

const purpose = 'security-event-chain';
const hashBytes = 256 / 8;

/**
 * SQL expression of the text that an event's hash covers: everything that is stored of it but its number, which `link` adds.
 * PostgreSQL's own text of jsonb, so that no value is rounded on its way.
 * @param event alias of the event's row
 * @param publishedAt expression of the instant of publication
 */
export const chainedContent = (event: string, publishedAt: string): string => `jsonb_build_array(
    ${event}.id, ${event}.type, extract(epoch from ${event}.occurred_at), ${event}.actor_id, ${event}.subject_id,
    ${event}.session_id, ${event}.ip_address, ${event}.user_agent, ${event}.request_id, ${event}.details,
    extract(epoch from ${publishedAt}))::text`;

/**
 * Hashes that chain the published events: each covers its event, the event's number and the hash before. They are keyed
 * by APP_SECRET (HMAC-SHA-256), so nobody can compute them who can only write to the database.
 */
export class EventChain {
  constructor(private readonly secrets: SecretBox) {}

  /** The hash before the first event of a new chain: random, so that events of one chain do not fit into another. */
  begin(): Buffer {
    return randomBytes(hashBytes);
  }

  /**
   * @param previous hash of the event before, 32 bytes
   * @param content see `chainedContent`
   */
  link(previous: Buffer, sequence: string, content: string): Buffer {
    return this.secrets.mac(purpose, Buffer.concat([previous, Buffer.from(`${sequence}:${content}`)]));
  }

  /** Authenticates a text that this service writes about the chain, such as a head. Base64url. */
  seal(text: string): string {
    return this.secrets.derive(`${purpose}-head`, text);
  }
}
