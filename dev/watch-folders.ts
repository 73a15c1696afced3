import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and a change of branch writes many files; in milliseconds. */
const quietTime = 150;

/**
 * Calls back when something below these folders has changed and nothing has changed for a moment. Each folder is watched by
 * itself: on Linux, a recursive watch of Node 20 loses a file once an editor has put another in its place.
 * @returns ends the watch
 */
export function watchFolders(roots: readonly string[], onChange: () => void): () => void {
  let watchers: readonly FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const close = () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
  const note = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      open();
      onChange();
    }, quietTime);
  };
  // All of them anew, since folders may have come and gone.
  const open = () => {
    close();
    try {
      watchers = roots.flatMap(foldersIn).map((folder) => watch(folder, note).on('error', note));
    } catch {
      // A folder went while it was looked at.
      note();
    }
  };
  open();
  return close;
}

function foldersIn(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return [
    root,
    ...entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name)),
  ];
}
