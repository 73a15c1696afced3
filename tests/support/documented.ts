import { readFile } from 'node:fs/promises';

/**
 * Reads a block of code of docs/clients.md, so that tests run what readers copy.
 * @param name of its file, which follows the language in the line that opens the block
 */
export async function documented(name: string): Promise<string> {
  const blocks = (await readFile('docs/clients.md', 'utf8')).matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm);
  for (const [, title, code] of blocks) if (title === name && code) return code;
  throw new Error(`docs/clients.md has no block named ${name}.`);
}
