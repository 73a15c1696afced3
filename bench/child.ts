import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Calls, Question, Reply, Usage } from './calls.js';
import { runningOn } from './cores.js';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A process whose resource usage can be queried. */
export interface Measured {
  usage(): Promise<Usage>;
}

/** A measured process, which runs on its own core and answers calls. */
export class Child<Known extends Calls> implements Measured {
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
  ) {
    process.on('message', (reply: Reply | 'ready') => reply !== 'ready' && this.settle(reply));
    process.once('exit', () => this.fail());
  }

  /** Resolves when the process is ready. @param script name of a file in this folder, without extension */
  static async start<Known extends Calls>(script: string, core: number | undefined, env: Record<string, string>) {
    const path = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
    const [command = '', ...args] = runningOn(core, [process.execPath, '--enable-source-maps', path]);
    // The environment holds only PATH and what is given: a DATABASE_URL of the caller must not be used by accident.
    const child = spawn(command, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exit = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended with ${code}`)));
    await Promise.race([once(child, 'message'), exit]);
    exit.catch(() => undefined);
    return new Child<Known>(child, script);
  }

  ask<Name extends keyof Known & string>(
    name: Name,
    input?: Parameters<Known[Name]>[0],
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    return this.send(name, input) as Promise<Awaited<ReturnType<Known[Name]>>>;
  }

  /** Every measured process offers this call. */
  usage(): Promise<Usage> {
    return this.send('usage') as Promise<Usage>;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exit;
  }

  private send(name: string, input?: unknown): Promise<unknown> {
    const question: Question = { id: ++this.asked, name, input };
    return new Promise((resolve, reject) => {
      this.waiting.set(question.id, { resolve, reject });
      this.process.send(question, (error) => error && reject(error));
    });
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(`${this.name}: ${reply.error}`));
    else waiting?.resolve(reply.answer);
  }

  private fail(): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`${this.name} ended`));
    this.waiting.clear();
  }
}
