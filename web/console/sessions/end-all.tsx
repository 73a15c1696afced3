import { useState } from 'react';
import { useLanguage } from '../../texts/context';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { mutate } from '../ui/mutate';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { ConsoleSessionsRevokeAllDocument } from './operations';
import { texts } from './texts';

/** Ends every session of the person whom the list shows. */
export function EndAll({ userId, onEnded }: { readonly userId: string; readonly onEnded: () => void }) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const announce = useAnnounce();
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  const run = async () => {
    const { endedCount, errors } = await mutate(ConsoleSessionsRevokeAllDocument, { input: { userId } });
    if (errors.length === 0) {
      announce(words.endedAll((endedCount ?? 0).toLocaleString(language)));
      onEnded();
    }
    return errors;
  };
  return (
    <>
      <ActionButton
        kind="danger"
        reason={can('update', 'user') ? undefined : words.mayNot}
        onPress={() => setOpen(true)}
      >
        {words.endAll}
      </ActionButton>
      {isOpen && (
        <Confirm title={words.endAllTitle} verb={words.endAllTitle} run={run} onClose={() => setOpen(false)}>
          <p>{words.endAllLead}</p>
        </Confirm>
      )}
    </>
  );
}
