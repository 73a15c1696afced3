import { chmod, constants, copyFile, lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers, temporaryPath } from '../../operations/temporary-paths.js';

const writableByOthers = 0o022;

/**
 * Copies a directory tree to `<directory>/<name>` once, readable and executable by everyone and writable only by this
 * account. An existing copy is used only if that holds for it.
 * @returns the path of the copy
 * @throws Error when the directory or the copy belongs to somebody else or is writable by others
 */
export async function publicCopy(source: string, directory: string, name: string): Promise<string> {
  await makePublicDirectory(directory);
  await requireOurs(directory);
  const target = join(directory, name);
  if (!(await exists(target))) await copyIntoPlace(source, target, directory);
  await requireOurs(target);
  return target;
}

async function copyIntoPlace(source: string, target: string, directory: string): Promise<void> {
  await removeLeftovers(directory);
  const temporary = await temporaryPath(target);
  try {
    await copyTree(source, temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process was faster; its copy is equally good.
    if (!(await exists(target))) throw error;
  }
}

/** Replaces fs.cp, which keeps the modes: a clone made under umask 077 would stay unreadable for others. */
async function copyTree(source: string, target: string): Promise<void> {
  await makePublicDirectory(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else await copyPublicFile(from, to);
  }
}

async function copyPublicFile(from: string, to: string): Promise<void> {
  const { mode } = await lstat(from);
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, mode & 0o100 ? 0o755 : 0o644);
}

async function makePublicDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  // The umask reduces the mode that is passed to mkdir.
  await chmod(path, 0o755);
}

/** In a shared temporary directory anyone can create the name in advance, with contents of their own. */
async function requireOurs(path: string): Promise<void> {
  const stats = await lstat(path);
  const ours = stats.isDirectory() && stats.uid === process.getuid?.();
  if (!ours || (stats.mode & writableByOthers) !== 0) {
    throw new Error(`${path} is not a directory that only its owner, this account, can write to`);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
