import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOf } from './licences.mjs';

const named = /^(licen[cs]e|copying|notice)/i;

/** @returns the notices that the licences of bundled packages ask to be passed on, as one text */
export function noticesOf(lock) {
  const installed = packagesOf(lock).filter(({ path }) => existsSync(path));
  return installed.map(noticeOf).join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf({ name, version, licence, path }) {
  const files = readdirSync(path, { withFileTypes: true }).filter((file) => file.isFile() && named.test(file.name));
  const texts = files.map((file) => readFileSync(join(path, file.name), 'utf8').trim());
  return [`${name} ${version}\nLicence: ${licence}`, authorOf(path), ...texts]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

/** For packages that name a licence without its text. */
function authorOf(path) {
  const { author, homepage } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const name = typeof author === 'string' ? author : author?.name;
  return [name && `Author: ${name}`, homepage && `Homepage: ${homepage}`].filter(Boolean).join('\n');
}
