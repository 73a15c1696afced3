/** Functions of a measured process that the parent can call by name. Input and answer are sent as JSON. */
export type Calls = Readonly<Record<string, (input: never) => unknown>>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type Reply = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });

/** Tells the parent that this process is ready, answers its calls, and exits when the parent does. */
export function answer(calls: Calls): void {
  process.on('message', async ({ id, name, input }: Question) => {
    const call = calls[name] as ((input: unknown) => unknown) | undefined;
    try {
      process.send?.({ id, answer: await call?.(input) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  // Ctrl-C in a terminal reaches all processes; the parent decides when this one ends.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

/** Resources that a process has used since it started. */
export interface Usage {
  /** CPU time of all its threads, in seconds. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, memory: process.memoryUsage.rss() };
}
