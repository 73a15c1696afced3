import type { Page } from 'playwright-core';

/**
 * Runs in each page before its scripts, and notes when what is asked for is shown: requests that are not answered, parts of the
 * page that say they are busy, keystrokes whose rows are there, and how far frames are apart. All times are those of the page,
 * in milliseconds.
 */
const script = `(() => {
  const send = window.fetch;
  const probe = (window.probe = { open: 0, settledAt: undefined, answered: new Set(), took: [], frames: [], long: [], rows: 0 });
  window.fetch = async (input, init) => {
    probe.open += 1;
    try {
      const asked = input instanceof Request ? input.clone().text() : init?.body;
      const reply = await send(input, init);
      const [text, body] = await Promise.all([reply.clone().text(), asked]);
      if (body) {
        const { query = '', variables } = JSON.parse(body);
        const [name] = /(?<=query )\\w+/.exec(query) ?? [];
        probe.answered.add(name + ' ' + (variables?.search ?? variables?.filter?.text ?? ''));
        if (text.includes('"errors":[{"message"')) probe.fault = name + ' ' + JSON.stringify(variables) + ' with ' + text.slice(0, 500);
      }
      return reply;
    } finally {
      probe.open -= 1;
    }
  };
  const isBusy = () =>
    probe.open > 0 || !document.querySelector('.console h1') || document.querySelector('.busy, [aria-busy=true]') !== null;
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    if (probe.isWatching) probe.frames.push(now - last);
    last = now;
    if (isBusy()) probe.settledAt = undefined;
    else probe.settledAt ??= now;
    const { typed } = probe;
    if (typed && probe.answered.has(typed.operation + ' ' + typed.term) && !document.querySelector('[role=grid][aria-busy=true]')) {
      probe.took.push(now - typed.at);
      probe.typed = undefined;
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener('input', ({ target, timeStamp }) => {
    if (!probe.operation || target.type !== 'search') return;
    probe.answered.clear();
    probe.typed = { at: timeStamp, term: target.value.trim(), operation: probe.operation };
  }, true);
  new PerformanceObserver((list) => {
    if (probe.isWatching) for (const { duration } of list.getEntries()) probe.long.push(duration);
  }).observe({ type: 'long-animation-frame' });
  const countRows = (changes) => {
    if (!probe.isWatching) return;
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.role === 'row' || node.getAttribute?.('role') === 'row') probe.rows += 1;
  };
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver(countRows).observe(document.body, { childList: true, subtree: true }));
})()`;

/** Frames that were seen while the probe watched; times in milliseconds. */
export interface Watched {
  /** From one frame to the next. */
  readonly frames: readonly number[];
  /** Durations of frames that Chromium calls long: above 50 ms. */
  readonly long: readonly number[];
  /** Rows of a list that were added to the page. */
  readonly rows: number;
}

/** Reads and sets what the script of a page notes. */
export class Probe {
  private constructor(private readonly page: Page) {}

  static async in(page: Page): Promise<Probe> {
    await page.addInitScript({ content: script });
    return new Probe(page);
  }

  /** @returns time from the begin of the navigation until all that the screen asks for has been there for a second */
  async settled(): Promise<number> {
    await this.page.waitForFunction('probe.settledAt !== undefined && performance.now() - probe.settledAt > 1000');
    await this.assertFaultless();
    return (await this.page.evaluate('probe.settledAt')) as number;
  }

  /** @param operation name of the query by which the typed text is searched; its answers make the rows */
  async timeKeystrokes(operation: string): Promise<void> {
    await this.page.evaluate(`probe.operation = ${JSON.stringify(operation)}`);
  }

  /** Waits for the rows of the last keystroke. @returns milliseconds that they took */
  async rowsOfKeystroke(): Promise<number> {
    await this.page.waitForFunction('probe.typed === undefined && probe.took.length > 0');
    await this.assertFaultless();
    return (await this.page.evaluate('probe.took.pop()')) as number;
  }

  async watch(): Promise<void> {
    await this.page.evaluate('Object.assign(probe, { isWatching: true, frames: [], long: [], rows: 0 })');
  }

  async watched(): Promise<Watched> {
    await this.page.evaluate('probe.isWatching = false');
    return (await this.page.evaluate('({ frames: probe.frames, long: probe.long, rows: probe.rows })')) as Watched;
  }

  /** @throws when the service has answered with an error */
  private async assertFaultless(): Promise<void> {
    const fault = await this.page.evaluate('probe.fault');
    if (fault !== undefined && fault !== null) throw new Error(`The service answered ${String(fault)}`);
  }
}
