import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Closing } from '../src/closing.js';

/** A copy of the checkout without anything built, in which the service is started as users start it. */
export interface Site {
  readonly folder: string;
  readonly closing: Closing;
  /** Makes an empty folder that is removed at the end. */
  newFolder(): Promise<string>;
}

/** What is built, installed or stored at the top of a checkout. Everything else is copied. */
const leftOut = /^(node_modules|dist|coverage|\.git|\.mutants|\.dist-.*|\.gatehouse.*)$/;

/** Copies the checkout in the working directory; what is installed there is linked. */
export async function copySite(closing: Closing): Promise<Site> {
  const scratch = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  closing.add(() => rm(scratch, { recursive: true, force: true }));
  const folder = join(scratch, 'checkout');
  await mkdir(folder);
  for (const name of await readdir('.'))
    if (!leftOut.test(name)) await cp(name, join(folder, name), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return { folder, closing, newFolder: () => mkdtemp(join(scratch, 'folder-')) };
}
