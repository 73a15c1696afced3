import type { ReactNode } from 'react';
import { useLoaded } from '../../use-loaded';
import { InstantInput } from '../ui/instant-input';
import { ScreenPage } from '../ui/screen';
import { Busy, Empty, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useViewer } from '../ui/viewer';
import '../styles/why.css';
import { Answer } from './answer';
import { ConsoleWhyPersonDocument } from './operations';
import { instantIn, useQuestion } from './question';
import { type AskedPerson, QuestionForm } from './question-form';
import { texts } from './texts';
import { WhoMay } from './who-may';

/** Why somebody may or may not do something, now and then, and who may. The whole question is in the address. */
export default function Why() {
  const words = useTextsOf(texts);
  const [url] = useUrlState();
  const isReverse = url.get('view') === 'who';
  return (
    <ScreenPage title={words.title} lead={words.lead} isFilling={isReverse} actions={<Views />}>
      {isReverse ? <Reverse /> : <AboutPerson />}
    </ScreenPage>
  );
}

function Views() {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const view = url.get('view') ?? '';
  const choice = (name: string, label: string) => (
    <button type="button" className="button" aria-pressed={view === name} onClick={() => set({ view: name }, 'push')}>
      {label}
    </button>
  );
  return (
    <>
      {choice('', words.why)}
      {choice('who', words.whoMay)}
    </>
  );
}

function AboutPerson() {
  const words = useTextsOf(texts);
  const question = useQuestion();
  const [url] = useUrlState();
  const id = url.get('person') ?? '';
  const { person, otherwise } = usePerson(id);
  return (
    <>
      <QuestionForm person={person} isAboutPerson />
      {question && person && <Answer key={person.id} question={question} person={person} />}
      {otherwise}
      {!otherwise && !(question && person) && (
        <Empty title={words.begin}>
          <p className="quiet">{words.beginLead}</p>
        </Empty>
      )}
    </>
  );
}

/** The person of the address; without one nobody is asked for. */
function usePerson(id: string): { readonly person: AskedPerson; readonly otherwise?: ReactNode } {
  const words = useTextsOf(texts);
  const { id: own } = useViewer();
  const { data, error, reload, isStale } = useLoaded(ConsoleWhyPersonDocument, { id: id || own });
  if (!id) return { person: null };
  if (error) return { person: null, otherwise: <Failed error={error} onRetry={() => void reload()} /> };
  if (!data || isStale) return { person: null, otherwise: <Busy /> };
  if (!data.user) return { person: null, otherwise: <Empty title={words.gone} /> };
  return { person: data.user };
}

function Reverse() {
  const words = useTextsOf(texts);
  const question = useQuestion();
  return (
    <>
      <QuestionForm person={null} isAboutPerson={false}>
        <AtField />
      </QuestionForm>
      {question ? <WhoMay question={question} /> : <Empty title={words.beginWho} />}
    </>
  );
}

/** The instant of the reverse question; the other has a line of time. */
function AtField() {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const at = instantIn(url.get('at') ?? '') ?? '';
  return (
    <div className="field why-at">
      <label htmlFor="why-at">{words.at}</label>
      <InstantInput id="why-at" at={at} title={at} onInstant={(instant) => set({ at: instant })} />
    </div>
  );
}
