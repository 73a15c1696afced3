import { createHash } from 'node:crypto';
import { isUuid } from '../database/uuid.js';

/**
 * Makes the ids of records: a UUID is kept; any other id gets a UUID made from it and the file (RFC 9562, version 8), so that
 * references within a file stay right and two systems that count from 1 do not meet.
 */
export const recordIds =
  (content: Buffer) =>
  (id: string | number): string =>
    isUuid(id) ? id.toLowerCase() : uuidFrom(createHash('sha256').update(content).update(String(id)).digest());

export type RecordIds = ReturnType<typeof recordIds>;

function uuidFrom(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
