import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../texts/context';
import type { Values } from '../../use-form';
import { useLoaded } from '../../use-loaded';
import { ReasonField } from '../people/act-fields';
import { acts } from '../people/acts';
import { LockFields, lacksEnd, lockEndIn } from '../people/lock-fields';
import { type Done, perform } from '../people/perform';
import { texts as peopleTexts } from '../people/texts';
import { useSessionsGoOn } from '../people/use-sessions-go-on';
import { ActionButton } from '../ui/action-button';
import { useAfterUndo, useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { texts as uiTexts } from '../ui/texts';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan, useViewer } from '../ui/viewer';
import { ConsoleEventActorsDocument, type ConsoleEventActorsQuery } from './operations';
import { texts } from './texts';

type Kind = 'endSession' | 'lock' | 'unlock' | 'deactivate';

interface Act {
  readonly kind: Kind;
  /** Of the session or the account. */
  readonly id: string;
  /** The right that it takes. */
  readonly right: string;
  /** Whether the viewer may do it to this account. */
  readonly isAllowed: boolean;
}

/** What can be done at once about an event: to its session, and to the account it happened to. */
export function Actions({ eventId }: { readonly eventId: string }) {
  const can = useCan();
  // The session and the account are read with the rights to people.
  return can('read', 'user') ? <Possible eventId={eventId} /> : null;
}

function Possible({ eventId }: { readonly eventId: string }) {
  const words = useTextsOf(texts);
  const { noRightNamed } = useTextsOf(uiTexts);
  const can = useCan();
  const { possible, reload, mayEndSessions } = useActs(eventId);
  const [open, setOpen] = useState<Act>();
  useAfterUndo(() => void reload());
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // What was pressed may be gone, and the focus with it.
    if (possible.length > 0 && document.activeElement === document.body) section.current?.focus();
  }, [possible]);
  if (possible.length === 0) return null;
  const holds = ({ right }: Act) => {
    const [resource = '', action = ''] = right.split(':');
    return can(action, resource);
  };
  const whyNot = (act: Act) => (!holds(act) ? noRightNamed(act.right) : act.isAllowed ? undefined : words.notThisOne);
  const reasons = [...new Set(possible.map(whyNot))].filter((reason) => reason !== undefined);
  return (
    <section ref={section} tabIndex={-1} className="live-actions" aria-label={words.actions}>
      <div className="buttons">
        {possible.map((act) => (
          // One takes the place, and the focus, of the other.
          <ActionButton
            key={act.kind === 'unlock' ? 'lock' : act.kind}
            reason={whyNot(act)}
            onPress={() => setOpen(act)}
          >
            {words.acts[act.kind].verb}
          </ActionButton>
        ))}
      </div>
      {reasons.map((reason) => (
        <p key={reason} className="quiet">
          {reason}
        </p>
      ))}
      {open && (
        <Asked
          act={open}
          mayEndSessions={mayEndSessions}
          onDone={() => void reload()}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

/** By how the account and the session are now. */
function useActs(eventId: string) {
  const viewer = useViewer();
  const { data, reload } = useLoaded(ConsoleEventActorsDocument, { id: eventId });
  const node = data?.node;
  if (!node || !('subject' in node)) return { possible: [], reload, mayEndSessions: false };
  const { session, subject } = node;
  const possible: Act[] = [];
  if (session) possible.push({ kind: 'endSession', id: session.id, right: 'user:update', isAllowed: true });
  if (subject) possible.push(...actsOn(subject, viewer.id));
  return { possible, reload, mayEndSessions: subject?.viewerCanUpdate === true };
}

type Subject = NonNullable<Extract<NonNullable<ConsoleEventActorsQuery['node']>, { subject: unknown }>['subject']>;

function actsOn(subject: Subject, viewerId: string): readonly Act[] {
  const { id, viewerCanLock, viewerCanUnlock, viewerCanDeactivate } = subject;
  const isOther = id !== viewerId;
  const all: (Act | false | null)[] = [
    isOther && !subject.isLocked && { kind: 'lock', id, right: 'user:lock', isAllowed: viewerCanLock },
    subject.isLocked && { kind: 'unlock', id, right: 'user:unlock', isAllowed: viewerCanUnlock },
    isOther && subject.isActive && { kind: 'deactivate', id, right: 'user:deactivate', isAllowed: viewerCanDeactivate },
  ];
  return all.filter((act): act is Act => Boolean(act));
}

function Asked({
  act: { kind, id },
  mayEndSessions,
  onDone,
  onClose,
}: {
  readonly act: Act;
  readonly mayEndSessions: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const words = useTextsOf(texts);
  const { lock } = useTextsOf(peopleTexts);
  const { timeZone } = useLanguage();
  const announce = useAnnounce();
  const explain = useSessionsGoOn();
  const { verb, lead, done } = words.acts[kind];
  const run = async (values: Values) => {
    const until = kind === 'lock' ? lockEndIn(values, timeZone) : '';
    if (until === undefined) return [lacksEnd(lock.noEnd)];
    const { errors, undo, sessionsGoOn } = await actOn(kind, id, { ...values, until });
    if (errors.length > 0) return errors;
    announce(sessionsGoOn ? `${done} ${explain(sessionsGoOn)}` : done, undo && { run: undo });
    onDone();
    return [];
  };
  return (
    <Confirm title={verb} verb={verb} kind={kind === 'unlock' ? 'main' : 'danger'} run={run} onClose={onClose}>
      <p>{lead}</p>
      {kind === 'lock' && <LockFields mayEndSessions={mayEndSessions} />}
      {kind === 'deactivate' && <ReasonField />}
    </Confirm>
  );
}

const actOn = async (kind: Kind, id: string, values: Values): Promise<Done> =>
  kind === 'endSession' ? { errors: await acts.endSession(id) } : perform(kind, id, values);
