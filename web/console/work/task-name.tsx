import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

/** @returns the name of a task for people; of one that is not known, the name that the service gives it */
export function useTaskName(): (task: string) => string {
  const { tasks } = useTextsOf(texts);
  return (task) => (Object.hasOwn(tasks, task) ? tasks[task as keyof typeof tasks] : task);
}

interface Mail {
  readonly recipient?: string | null;
  readonly kind?: string | null;
}

/** To whom a mail goes, and what it is about. */
export function MailCell({ mail }: { readonly mail?: Mail | null | undefined }) {
  const { noAddress } = useTextsOf(texts);
  if (!mail) return null;
  return (
    <>
      {mail.recipient ? <Name>{mail.recipient}</Name> : <span className="quiet">{noAddress}</span>}{' '}
      {mail.kind && <span className="badge">{mail.kind}</span>}
    </>
  );
}
