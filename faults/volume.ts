import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of a fixed size, in memory, that can be filled up. Linux lets only root mount one. */
export class Volume {
  private readonly ballast: string;

  private constructor(readonly directory: string) {
    this.ballast = join(directory, 'ballast');
  }

  /**
   * @param size in MiB
   * @throws Error where the system does not let this process mount it
   */
  static async mount(directory: string, size: number): Promise<Volume> {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=0700`, 'gatehouse-faults', directory]);
    return new Volume(directory);
  }

  /** Takes all the room that is left. */
  async fill(): Promise<void> {
    const file = await open(this.ballast, 'a');
    try {
      for (const size of [2 ** 20, 2 ** 12]) await untilFull(() => file.write(Buffer.alloc(size)));
    } finally {
      await file.close();
    }
  }

  makeRoom(): Promise<void> {
    return rm(this.ballast, { force: true });
  }

  /** Lazily, because a process that was killed may still be ending. */
  async unmount(): Promise<void> {
    await run('umount', ['--lazy', this.directory]);
  }
}

async function untilFull(write: () => Promise<unknown>): Promise<void> {
  try {
    for (;;) await write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** @returns why this process cannot mount a volume; undefined when it can */
export async function whyNoVolume(): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-volume-'));
  try {
    await (await Volume.mount(directory, 1)).unmount();
    return undefined;
  } catch (error) {
    const [reason = 'mount failed'] = ((error as { stderr?: string }).stderr || String(error)).trim().split('\n');
    return `a small file system cannot be mounted: ${reason}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
