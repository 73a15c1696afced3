import { useEffect, useState } from 'react';

/** As the service lists it. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly date: string;
}

export interface Mails {
  /** Newest first; undefined until the first answer. */
  readonly mails: readonly Mail[] | undefined;
  /** Whether arriving mail will be shown. */
  readonly isLive: boolean;
}

/** In milliseconds, after the service has refused a stream; after a break the browser itself connects again. */
const pause = 3000;

/** The list of mails, as it changes. */
export function useMails(): Mails {
  const [state, setState] = useState<Mails>({ mails: undefined, isLive: false });
  useEffect(() => follow((change) => setState((before) => ({ ...before, ...change }))), []);
  return state;
}

/**
 * Listens for arriving mail while the page is looked at: a browser opens only six connections to a host. The list is read
 * whenever the stream begins, so that nothing is missed in between.
 * @returns ends it
 */
function follow(change: (change: Partial<Mails>) => void): () => void {
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;
  const read = async () => {
    newest += 1;
    const own = newest;
    const mails = await fetch('/dev/mailbox/messages').then(asMails, () => undefined);
    if (mails && own === newest) change({ mails });
  };
  const end = () => {
    stream?.close();
    clearTimeout(timer);
  };
  const begin = () => {
    end();
    if (document.hidden) return;
    const own = new EventSource('/dev/mailbox/events');
    stream = own;
    own.onopen = () => {
      change({ isLive: true });
      void read();
    };
    own.addEventListener('mail', () => void read());
    own.onerror = () => {
      change({ isLive: false });
      if (own.readyState === EventSource.CLOSED) timer = setTimeout(begin, pause);
    };
  };
  begin();
  document.addEventListener('visibilitychange', begin);
  return () => {
    document.removeEventListener('visibilitychange', begin);
    newest += 1;
    end();
  };
}

const asMails = (reply: Response): Promise<readonly Mail[] | undefined> | undefined =>
  reply.ok ? (reply.json() as Promise<readonly Mail[]>) : undefined;
