import { existsSync } from 'node:fs';

/** The folder of package.json: compiled files lie at different depths below it. */
export const packageFolder = above(new URL('./', import.meta.url));

function above(folder: URL): URL {
  const parent = new URL('../', folder);
  return existsSync(new URL('package.json', folder)) || parent.href === folder.href ? folder : above(parent);
}
