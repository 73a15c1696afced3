import { useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { Field } from '../../ui/field';
import { useLoaded } from '../../use-loaded';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { mutate } from '../ui/mutate';
import { texts as uiTexts } from '../ui/texts';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan, useViewer } from '../ui/viewer';
import {
  ConsoleEndSessionDocument,
  ConsoleEventActorsDocument,
  ConsoleLiftLockDocument,
  ConsoleStopAccountDocument,
} from './operations';
import { texts } from './texts';

type Kind = 'endSession' | 'unlock' | 'deactivate';

interface Act {
  readonly kind: Kind;
  /** Of the session or the account. */
  readonly id: string;
  /** The right that it takes. */
  readonly right: string;
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
  const acts = useActs(eventId);
  const [open, setOpen] = useState<Act>();
  if (acts.length === 0) return null;
  const isAllowed = ({ right }: Act) => {
    const [resource = '', action = ''] = right.split(':');
    return can(action, resource);
  };
  const missing = [...new Set(acts.filter((act) => !isAllowed(act)).map(({ right }) => right))];
  return (
    <section className="live-actions" aria-label={words.actions}>
      <div className="buttons">
        {acts.map((act) => (
          <button
            key={act.kind}
            type="button"
            className="button"
            disabled={!isAllowed(act)}
            onClick={() => setOpen(act)}
          >
            {words.acts[act.kind].verb}
          </button>
        ))}
      </div>
      {missing.map((right) => (
        <p key={right} className="quiet">
          {noRightNamed(right)}
        </p>
      ))}
      {open && <Asked act={open} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

/** By how the account and the session are now. */
function useActs(eventId: string): readonly Act[] {
  const viewer = useViewer();
  const { data } = useLoaded(ConsoleEventActorsDocument, { id: eventId });
  const node = data?.node;
  if (!node || !('subject' in node)) return [];
  const { session, subject } = node;
  const acts: Act[] = [];
  if (session) acts.push({ kind: 'endSession', id: session.id, right: 'user:update' });
  if (subject?.isLocked) acts.push({ kind: 'unlock', id: subject.id, right: 'user:unlock' });
  if (subject?.isActive && subject.id !== viewer.id)
    acts.push({ kind: 'deactivate', id: subject.id, right: 'user:deactivate' });
  return acts;
}

function Asked({ act: { kind, id }, onClose }: { readonly act: Act; readonly onClose: () => void }) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const { verb, lead, done } = words.acts[kind];
  const run = async ({ reason = '' }: Readonly<Record<string, string>>) => {
    const errors = await perform(kind, id, reason);
    if (errors.length === 0) announce(done);
    return errors;
  };
  return (
    <Confirm title={verb} verb={verb} kind={kind === 'unlock' ? 'main' : 'danger'} run={run} onClose={onClose}>
      <p>{lead}</p>
      {kind === 'deactivate' && <Field name="reason" label={words.reason} isOptional maxLength={500} />}
    </Confirm>
  );
}

async function perform(kind: Kind, id: string, reason: string): Promise<readonly FieldError[]> {
  if (kind === 'endSession') return (await mutate(ConsoleEndSessionDocument, { input: { sessionId: id } })).errors;
  if (kind === 'unlock') return (await mutate(ConsoleLiftLockDocument, { input: { userId: id } })).errors;
  return (await mutate(ConsoleStopAccountDocument, { input: { userId: id, reason: reason || null } })).errors;
}
