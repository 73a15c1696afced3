/**
 * What a command prints: lines for people or, with `--json`, one JSON object a line (JSON Lines), so that long lists can
 * be read as they come.
 */
export class Output {
  constructor(
    private readonly isJson: boolean,
    private readonly write: (text: string) => unknown = (text) => process.stdout.write(text),
  ) {}

  /** The same, written elsewhere. */
  to(write: (text: string) => unknown): Output {
    return new Output(this.isJson, write);
  }

  /**
   * Prints one item of a list, or what was done.
   * @param value plain data; instants become texts (ISO 8601)
   * @param line for people; without a line break at its end
   */
  print(value: object, line: string): void {
    this.write(`${this.isJson ? JSON.stringify(value) : line}\n`);
  }
}

/** A text in a table: padded to a width, and without what could move the cursor of a terminal. */
export const cell = (text: string, width = 0): string => text.replace(/\p{Cc}/gu, ' ').padEnd(width);

/** An instant in a table. */
export const instant = (at: Date | null | undefined): string => (at ? at.toISOString() : '-').padEnd(24);

/** The output that a command was asked for. */
export const outputOf = (command: { optsWithGlobals(): { json?: boolean } }): Output =>
  new Output(command.optsWithGlobals().json === true);
