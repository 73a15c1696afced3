import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';

const register = `mutation ($input: RegisterInput!) { register(input: $input) { email errors { code } } }`;
const password = 'a long enough passphrase';
/** How long a writer waits for an answer, in milliseconds. A killed service never gives one. */
const patience = 30_000;

interface Reply {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  readonly data?: { readonly register?: { readonly errors: readonly unknown[] } | null };
}

/** Registers people, one after another in each writer, and notes down whom the service has acknowledged. */
export class Writers {
  readonly acknowledged = new Set<string>();
  /** Codes of the errors that writers were answered with, and how often. Without an answer it is no refusal. */
  readonly refusals = new Map<string, number>();
  private isOver = false;
  private readonly running: Promise<void>[];

  /**
   * @param url asked before each request, so that writers move to another process
   * @param name begins the names of the people
   * @param pause after each mutation, in milliseconds
   */
  constructor(
    private readonly url: () => string,
    readonly name: string,
    readonly count: number,
    private readonly pause: number,
  ) {
    this.running = Array.from({ length: count }, (_, writer) => this.write(writer));
  }

  /** Waits until so many more were acknowledged, for up to five minutes. @throws Error with what was answered instead */
  async acknowledge(more: number): Promise<void> {
    const before = this.acknowledged.size;
    await eventually(() => this.acknowledged.size >= before + more, 300_000).catch((error) => {
      throw new Error(
        `Of ${more} mutations ${this.acknowledged.size - before} were acknowledged; answered: ${this.told()}`,
        { cause: error },
      );
    });
  }

  private told(): string {
    return [...this.refusals].map(([reason, times]) => `${reason} ${times} times`).join(', ') || 'nothing';
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  private async write(writer: number): Promise<void> {
    for (let n = 0; !this.isOver; n += 1) {
      const username = `${this.name}.${letters(writer)}.${letters(n)}`;
      const isRegistered = await this.register(username);
      if (isRegistered) this.acknowledged.add(username);
      // A service that is down refuses at once.
      await sleep(isRegistered ? this.pause : Math.max(20, this.pause));
    }
  }

  private async register(username: string): Promise<boolean> {
    const input = { username, email: `${username}@example.com`, password };
    try {
      const reply = await fetch(`${this.url()}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: register, variables: { input } }),
        signal: AbortSignal.timeout(patience),
      });
      const { data, errors = [] } = (await reply.json()) as Reply;
      for (const { extensions } of errors)
        this.refusals.set(extensions.code, (this.refusals.get(extensions.code) ?? 0) + 1);
      return data?.register?.errors.length === 0;
    } catch {
      return false;
    }
  }
}

/** Numbers as letters: names of people may not look like telephone numbers. */
const letters = (n: number): string =>
  [...String(n)].map((digit) => String.fromCharCode('a'.charCodeAt(0) + Number(digit))).join('');
