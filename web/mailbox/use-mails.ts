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
  /** `live`: arriving mail is shown. `broken`: the service cannot be reached, and is asked again. */
  readonly connection: 'opening' | 'live' | 'broken';
}

/** In milliseconds, after the service has refused a stream or the list; after a break the browser itself connects again. */
const pause = 3000;

/** The list of mails, as it changes. */
export function useMails(): Mails {
  const [state, setState] = useState<Mails>({ mails: undefined, connection: 'opening' });
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
    const mails = await fetch('/dev/mailbox/messages')
      .then(asMails)
      .catch(() => undefined);
    if (own !== newest) return;
    // The stream may have broken while the list was on its way.
    const isOpen = stream?.readyState === EventSource.OPEN;
    if (mails) return change({ mails, ...(isOpen && { connection: 'live' }) });
    change({ connection: 'broken' });
    stream?.close();
    beginLater();
  };
  const beginLater = () => {
    clearTimeout(timer);
    timer = setTimeout(begin, pause);
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
    own.onopen = () => void read();
    own.addEventListener('mail', () => void read());
    own.onerror = () => {
      change({ connection: 'broken' });
      if (own.readyState === EventSource.CLOSED) beginLater();
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
