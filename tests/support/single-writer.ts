/** A value as one writer has set it, one after another. */
interface Written<Value> {
  readonly value: Value;
  /** Ticks of the history when the write was sent, and when it was answered. */
  readonly sentAt: number;
  answeredAt: number;
}

let ticks = 0;
/** A tick of the one history of this process: later events have higher ones. */
export const tick = (): number => ++ticks;

/** What a single writer has written. Readers may see what was answered before they asked, or what came later. */
export class SingleWriter<Value> {
  private readonly written: Written<Value>[];

  constructor(value: Value) {
    this.written = [{ value, sentAt: 0, answeredAt: 0 }];
  }

  get last(): Value {
    return (this.written.at(-1) as Written<Value>).value;
  }

  /** How often the value was set. */
  get writes(): number {
    return this.written.length - 1;
  }

  /** Sets the value while `send` runs. A write that fails may or may not have happened, so it must not fail. */
  async write(value: Value, send: () => Promise<void>): Promise<void> {
    const one = { value, sentAt: tick(), answeredAt: Number.POSITIVE_INFINITY };
    this.written.push(one);
    await send();
    one.answeredAt = tick();
  }

  /** @returns the values that a read may have seen: the last that was answered when it began, and those sent before its end */
  allowed(beganAt: number, endedAt: number): Value[] {
    const first = this.written.findLastIndex(({ answeredAt }) => answeredAt < beganAt);
    return this.written.slice(first).flatMap(({ sentAt, value }) => (sentAt < endedAt ? [value] : []));
  }
}
