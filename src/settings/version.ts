import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { packageFolder } from '../package-folder.js';

const manifest = z.object({ version: z.string() });

/** The version in package.json. */
export async function version(): Promise<string> {
  const text = await readFile(new URL('package.json', packageFolder), 'utf8');
  return manifest.parse(JSON.parse(text)).version;
}
