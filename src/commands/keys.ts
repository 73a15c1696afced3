import { loadConfig } from '../config.js';
import { asOperator, withServices } from '../open-services.js';
import { listSigningKeys } from '../sessions/list-signing-keys.js';
import { revokeSigningKey } from '../sessions/revoke-signing-key.js';
import { rotateSigningKey } from '../sessions/rotate-signing-key.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';

/** Prints one line per valid key: its `kid`, when it was created, and whether it signs or until when it verifies. */
export async function listKeys(env: Environment, output: Output): Promise<void> {
  const keys = await withServices(loadConfig(env), (services) => listSigningKeys(asOperator(services)));
  for (const { id, createdAt, retiresAt } of keys) {
    const state = retiresAt ? `verifies until ${retiresAt.toISOString()}` : 'signs';
    output.print({ id, createdAt, retiresAt }, `${id}  ${createdAt.toISOString()}  ${state}`);
  }
}

/** Creates a new signing key, which signs all tokens from now on. */
export async function rotateKeys(env: Environment, output: Output): Promise<void> {
  const id = await withServices(loadConfig(env), (services) => rotateSigningKey(asOperator(services)));
  output.print({ signs: id }, `Key ${id} signs from now on.`);
}

/** Revokes a key, which invalidates every token that it has signed. @throws Refusal NOT_FOUND */
export async function revokeKey(env: Environment, id: string, output: Output): Promise<void> {
  const successor = await withServices(loadConfig(env), (services) => revokeSigningKey(asOperator(services), id));
  const next = successor ? `\nKey ${successor} signs from now on.` : '';
  output.print({ revoked: id, signs: successor ?? null }, `Key ${id} was revoked.${next}`);
}
