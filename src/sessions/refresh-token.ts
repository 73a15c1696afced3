import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '../secrets.js';

const idBytes = 128 / 8;
const generationBytes = 32 / 8;
const secretBytes = 256 / 8;
const macBytes = 128 / 8;
const authenticatedBytes = idBytes + generationBytes + secretBytes;
const tokenBytes = authenticatedBytes + macBytes;
/** In characters of base64url. */
const tokenLength = Math.ceil((tokenBytes * 8) / 6);

/** The highest generation that the column `sessions.token_generation` holds. No session gets near it. */
const lastGeneration = 2 ** 31 - 1;

/** What a refresh token says of itself. Whether it is valid is in its session's row alone. */
export interface ReadToken {
  readonly sessionId: string;
  /** 0 for the token of the sign-in, and one more with each exchange. */
  readonly generation: number;
  /** Whether this service issued it under the present APP_SECRET. Only then are session and generation to be believed. */
  readonly isGenuine: boolean;
}

/** @returns the token of a new session: its session, generation, 256 random bits, and a MAC of all that, as base64url */
export const firstToken = (secrets: SecretBox, sessionId: string): string =>
  tokenOf(secrets, sessionId, 0, randomBytes(secretBytes));

/**
 * Its secret is derived from the token that is exchanged, with APP_SECRET. So it can be sent again without being stored, and
 * somebody who steals a token cannot compute its successor.
 */
export const successorOf = (secrets: SecretBox, token: string, sessionId: string, generation: number): string =>
  tokenOf(secrets, sessionId, generation, Buffer.from(derivedSecret(secrets, token), 'base64url'));

/** The successor as it was before tokens named their session. */
export const derivedSecret = (secrets: SecretBox, token: string): string => secrets.derive('refresh-token', token);

function tokenOf(secrets: SecretBox, sessionId: string, generation: number, secret: Buffer): string {
  const counter = Buffer.alloc(generationBytes);
  counter.writeUInt32BE(generation);
  const authenticated = Buffer.concat([Buffer.from(sessionId.replaceAll('-', ''), 'hex'), counter, secret]);
  return Buffer.concat([authenticated, macOf(secrets, authenticated)]).toString('base64url');
}

const macOf = (secrets: SecretBox, authenticated: Buffer): Buffer =>
  secrets.mac('refresh-token-mac', authenticated).subarray(0, macBytes);

/** @returns undefined for what has not the form of a token, such as one that was issued before tokens named their session */
export function readToken(secrets: SecretBox, token: string): ReadToken | undefined {
  if (token.length !== tokenLength) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  // Another text may stand for the same bytes, but has another hash.
  if (bytes.toString('base64url') !== token) return undefined;
  const generation = bytes.readUInt32BE(idBytes);
  if (generation >= lastGeneration) return undefined;
  const mac = macOf(secrets, bytes.subarray(0, authenticatedBytes));
  const isGenuine = timingSafeEqual(mac, bytes.subarray(authenticatedBytes));
  return { sessionId: uuidOf(bytes.subarray(0, idBytes)), generation, isGenuine };
}

const uuidOf = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
