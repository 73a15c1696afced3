/** What a measured process can be asked for, by name; input and answer go through JSON. */
export type Calls = Readonly<Record<string, (input: never) => unknown>>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type Reply = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });

/** Tells the parent that this process is ready, answers its questions, and ends with it. */
export function answer(calls: Calls): void {
  process.on('message', async ({ id, name, input }: Question) => {
    const call = calls[name] as ((input: unknown) => unknown) | undefined;
    try {
      process.send?.({ id, answer: await call?.(input) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  // Ctrl-C reaches everyone in the terminal; the parent decides when we end.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

/** What a process has used since it started. */
export interface Usage {
  /** Of all its threads, in seconds. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, memory: process.memoryUsage.rss() };
}
