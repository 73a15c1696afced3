import { useExplain } from '../../texts/explain';
import { useTextsOf } from '../ui/use-texts-of';
import type { Done } from './perform';
import { texts } from './texts';

/** A sentence that says why the sessions of somebody who was locked go on. */
export function useSessionsGoOn(): (why: NonNullable<Done['sessionsGoOn']>) => string {
  const { refusal, failure } = useExplain();
  const { lock } = useTextsOf(texts);
  return (why) => lock.sessionsGoOn(why instanceof Error ? failure(why) : refusal(why));
}
