import { Client } from '../tests/support/client.js';
import { addresses } from './addresses.js';

/** How many attempts to sign in one address has in a window that is longer than a scenario. */
export const budget = 5;
export const loginLimit = `${budget}/60m`;

/** Attempts to sign in from one address, at any process, one after another until `stop`. */
export class LimitedAttempts {
  /** Attempts that were let through: they were answered, and not refused for their number. */
  through = 0;
  refused = 0;
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(private readonly anyUrl: () => string) {
    this.running = this.attempt();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async attempt(): Promise<void> {
    const headers = { 'x-forwarded-for': addresses() };
    const query = `mutation { login(input: { identifier: "nobody.at.all", password: "wrong" }) { errors { code } } }`;
    while (!this.isOver) {
      const codes = await new Client(this.anyUrl(), headers).ask(query).then(
        (answer) => answer.codes,
        () => ['none'],
      );
      if (codes.length === 0) this.through += 1;
      if (codes.includes('RATE_LIMITED')) this.refused += 1;
    }
  }
}
