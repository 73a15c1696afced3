import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

export const hashOf = (text: string, algorithm = 'sha256'): string => createHash(algorithm).update(text).digest('hex');

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** Writes a file for `TRUSTED_DOCUMENTS`. @returns its path */
export async function manifestFile(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-manifest-'));
  folders.push(folder);
  const path = join(folder, 'manifest.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** As Apollo's `generate-persisted-query-manifest` writes it. */
export const apolloManifest = (texts: readonly string[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: texts.map((body) => ({ id: hashOf(body), name: 'Any', type: 'query', body })),
});
