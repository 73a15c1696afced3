import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./service.js', import.meta.url));

export interface Crash {
  /** Null: ended by a signal. */
  readonly code: number | null;
  /** Whether it had served before. */
  readonly wasReady: boolean;
}

/** The development service in a process of its own, so that a restart loads every module anew. */
export class ServiceProcess {
  private readonly child;
  private readonly ended: Promise<unknown>;
  private isStopping = false;

  /**
   * @param args for service.ts; those that begin with `--inspect` are for Node
   * @param onCrash called when it ends without having been stopped
   */
  constructor(args: readonly string[], onCrash: (crash: Crash) => void) {
    const [forNode, forService] = [args.filter(isInspect), args.filter((arg) => !isInspect(arg))];
    this.child = spawn(process.execPath, ['--enable-source-maps', ...forNode, script, ...forService], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    let wasReady = false;
    this.child.once('message', () => {
      wasReady = true;
    });
    this.ended = once(this.child, 'exit').then(([code]) => this.isStopping || onCrash({ code, wasReady }));
  }

  /** Resolves when the process has ended, after it has finished what was under way and stopped its database. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.child.kill('SIGTERM');
    await this.ended;
  }
}

const isInspect = (arg: string): boolean => arg.startsWith('--inspect');
