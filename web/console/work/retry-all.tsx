import { useLanguage } from '../../texts/context';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { mutate } from '../ui/mutate';
import { useTextsOf } from '../ui/use-texts-of';
import { ConsoleWorkRetryAllDocument } from './operations';
import { texts } from './texts';

/** Asks before all failed jobs run again. */
export function RetryAll({ onDone, onClose }: { readonly onDone: () => void; readonly onClose: () => void }) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const announce = useAnnounce();
  const run = async () => {
    const { retriedCount, expiredCount, errors } = await mutate(ConsoleWorkRetryAllDocument, { input: {} });
    if (errors.length === 0) {
      announce(words.retriedAll(retriedCount.toLocaleString(language), expiredCount.toLocaleString(language)));
      onDone();
    }
    return errors;
  };
  return (
    <Confirm title={words.retryAll} verb={words.retryAll} kind="main" run={run} onClose={onClose}>
      <p>{words.retryAllLead}</p>
    </Confirm>
  );
}
