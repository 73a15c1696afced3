import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../tests/support/client.js';
import { addresses } from './addresses.js';

const password = 'a long enough passphrase';

/** Signs in and out again at any process, and asks every process whether the session still counts, until it is over. */
export class Revocations {
  /** Sessions whose end was acknowledged. */
  ended = 0;
  /** Answers that took an ended session for valid. */
  accepted = 0;

  constructor(
    private readonly urls: () => readonly string[],
    private readonly anyUrl: () => string,
  ) {}

  /** @param pause after each session, in milliseconds */
  async repeat(name: string, pause: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.once(name).catch(() => undefined);
      await sleep(pause);
    }
  }

  private async once(name: string): Promise<void> {
    const client = new Client(this.anyUrl(), { 'x-forwarded-for': addresses() });
    await client.login(name, password);
    // From then on each process may remember the session.
    for (const url of this.urls()) await isAccepted(url, client);
    const there = Object.assign(new Client(this.anyUrl()), { token: client.token });
    const { codes } = await there.ask('mutation { logout { errors { code } } }');
    if (codes.length > 0) return;
    this.ended += 1;
    const answers = await Promise.all(this.urls().map((url) => isAccepted(url, client)));
    this.accepted += answers.filter(Boolean).length;
  }
}

async function isAccepted(url: string, { token }: Client): Promise<boolean> {
  const { codes, data } = await Object.assign(new Client(url), { token }).ask('{ viewer { id } }');
  return codes.length === 0 && Boolean(data['viewer']);
}
