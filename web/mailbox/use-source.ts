import { useEffect, useState } from 'react';

/** In milliseconds, after the service could not be reached. */
const pause = 3000;

export type Source =
  | { readonly status: 'loading' | 'unreachable' | 'gone' }
  /** `text` is the mail as it was written. */
  | { readonly status: 'there'; readonly text: string };

/** A mail by its id. While the service cannot be reached it is asked again and again. */
export function useSource(id: string): Source {
  const [source, setSource] = useState<Source>({ status: 'loading' });
  useEffect(() => {
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await read(id, over.signal);
      if (over.signal.aborted) return;
      setSource(answer);
      if (answer.status === 'unreachable') timer = setTimeout(() => void ask(), pause);
    };
    void ask();
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [id]);
  return source;
}

async function read(id: string, signal: AbortSignal): Promise<Source> {
  try {
    const reply = await fetch(`/dev/mailbox/messages/${id}`, { signal });
    if (reply.ok) return { status: 'there', text: await reply.text() };
    return { status: reply.status === 404 ? 'gone' : 'unreachable' };
  } catch {
    return { status: 'unreachable' };
  }
}
