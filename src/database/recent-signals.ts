import { longestSilence } from './heartbeat.js';
import { mostSignals, type SignalText } from './outbox-statements.js';

/** How long a signal is kept, in milliseconds: by then whoever answers from memory has read it by itself. */
const lifetime = longestSilence + 250;

/** Signals that this process has read lately and others may not have read yet. */
export class RecentSignals {
  private kept: { readonly number: number; readonly at: number; readonly signal: SignalText }[] = [];
  private count = 0;

  /** Call it at the moment at which they have been read. */
  add(signals: readonly SignalText[]): void {
    const at = performance.now();
    this.kept = this.kept.filter((one) => at - one.at < lifetime);
    for (const signal of signals) {
      this.count += 1;
      this.kept.push({ number: this.count, at, signal });
    }
    if (this.kept.length > mostSignals) this.kept = [{ number: this.count, at, signal: 'reset' }];
  }

  /** @returns what others have to hear, and what to call once all of them have: it need not be told again */
  take(): { readonly signals: readonly SignalText[]; readonly settle: () => void } {
    this.add([]);
    const { count } = this;
    return {
      signals: [...new Set(this.kept.map(({ signal }) => signal))],
      settle: () => {
        this.kept = this.kept.filter(({ number }) => number > count);
      },
    };
  }
}
