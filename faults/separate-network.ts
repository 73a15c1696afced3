import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A host of its own on this machine: a network namespace that one cable connects, which can be cut. Linux lets only root make one. */
export class SeparateNetwork {
  private static count = 0;

  private constructor(
    private readonly name: string,
    /** Names of the two ends of the cable; at most 15 characters. */
    private readonly ends: { readonly here: string; readonly there: string },
    /** Address of the other host. */
    readonly address: string,
  ) {}

  /** @throws Error where the system does not let this process make it */
  static async make(): Promise<SeparateNetwork> {
    SeparateNetwork.count += 1;
    const id = `${process.pid}-${SeparateNetwork.count}`;
    const net = `10.213.${Math.floor(Math.random() * 256)}`;
    const ends = { here: `gh${id}a`, there: `gh${id}b` };
    const made = new SeparateNetwork(`gatehouse-${id}`, ends, `${net}.2`);
    try {
      await made.connect(`${net}.1`);
    } catch (error) {
      await made.remove();
      throw error;
    }
    return made;
  }

  /** Words that run a program there. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  /** Nothing arrives any more, in either direction, and nobody is told. The route stays, so nothing goes elsewhere. */
  async cut(): Promise<void> {
    await this.there('link', 'set', this.ends.there, 'down');
  }

  async mend(): Promise<void> {
    await this.there('link', 'set', this.ends.there, 'up');
  }

  /** The cable goes with it. */
  async remove(): Promise<void> {
    await run('ip', ['link', 'del', this.ends.here]).catch(() => undefined);
    await run('ip', ['netns', 'del', this.name]).catch(() => undefined);
  }

  private async connect(addressHere: string): Promise<void> {
    const { here, there } = this.ends;
    await run('ip', ['netns', 'add', this.name]);
    await run('ip', ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', this.name]);
    await run('ip', ['address', 'add', `${addressHere}/30`, 'dev', here]);
    await run('ip', ['link', 'set', here, 'up']);
    await this.there('address', 'add', `${this.address}/30`, 'dev', there);
    await this.mend();
  }

  private async there(...words: readonly string[]): Promise<void> {
    await run('ip', ['-n', this.name, ...words]);
  }
}
