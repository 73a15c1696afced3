import type { AccessToken } from './access-token.js';
import { GatehouseError } from './errors.js';

/** What tabs of one origin tell each other. Nothing of it is stored. */
type Message =
  | { readonly type: 'token'; readonly token: AccessToken }
  | { readonly type: 'signedOut'; readonly serial: number }
  /** Asks for a token; not for `except`, which the service has refused. */
  | { readonly type: 'ask'; readonly except: string | undefined };

export interface TabListeners {
  token(token: AccessToken): void;
  signedOut(serial: number): void;
  /** @returns the token to answer a question with */
  asked(except: string | undefined): AccessToken | undefined;
}

/** How long other tabs have to answer, in milliseconds. */
const answerTime = 100;
/** How long a tab waits for its turn, in milliseconds: another one may be suspended during its own. */
const turnTime = 60_000;

/**
 * The tabs of one origin that use the same service. One at a time signs in, renews the token or signs out (Web Locks),
 * and all learn of it (BroadcastChannel).
 */
export class Tabs {
  private channel: BroadcastChannel | undefined;
  /** Undefined also on pages that came neither over HTTPS nor from localhost. */
  private readonly locks: LockManager | undefined;
  private readonly name: string;
  private waiting: (() => void) | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** @param isShared false: this tab is alone, as a program outside of a browser is */
  constructor(
    url: string,
    isShared: boolean,
    private readonly listeners: TabListeners,
  ) {
    this.name = `gatehouse ${url}`;
    this.locks = isShared ? globalThis.navigator.locks : undefined;
    if (!this.locks) return;
    this.channel = new BroadcastChannel(this.name);
    this.channel.addEventListener('message', ({ data }: MessageEvent<Message>) => this.hear(data));
  }

  /** Runs work while no other tab runs any. @throws GatehouseError when no turn comes */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.locks) return this.inTurn(this.locks, work);
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Asks the other tabs for a token. Resolves when one has answered or none has in time. */
  async ask(except: string | undefined): Promise<void> {
    if (!this.channel) return;
    const answered = new Promise<void>((resolve) => {
      this.waiting = resolve;
    });
    this.tell({ type: 'ask', except });
    const tooLate = new Promise<void>((resolve) => setTimeout(resolve, answerTime));
    await Promise.race([answered, tooLate]);
    this.waiting = undefined;
  }

  tell(message: Message): void {
    this.channel?.postMessage(message);
  }

  close(): void {
    this.channel?.close();
    this.channel = undefined;
  }

  private async inTurn<T>(locks: LockManager, work: () => Promise<T>): Promise<T> {
    let hasBegun = false;
    const begin = () => {
      hasBegun = true;
      return work();
    };
    try {
      return (await locks.request(this.name, { signal: AbortSignal.timeout(turnTime) }, begin)) as T;
    } catch (cause) {
      if (hasBegun) throw cause;
      throw new GatehouseError('NETWORK_ERROR', 'Another tab does not finish.', undefined, [], { cause });
    }
  }

  private hear(message: Message): void {
    if (message.type === 'ask') {
      const token = this.listeners.asked(message.except);
      if (token) this.tell({ type: 'token', token });
    } else if (message.type === 'signedOut') this.listeners.signedOut(message.serial);
    else {
      this.listeners.token(message.token);
      this.waiting?.();
    }
  }
}
