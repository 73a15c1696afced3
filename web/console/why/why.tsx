import { useLanguage } from '../../texts/context';
import { instantOf } from '../../texts/zoned-time';
import { useLoaded } from '../../use-loaded';
import { ScreenPage } from '../ui/screen';
import { Empty, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useViewer } from '../ui/viewer';
import '../styles/why.css';
import { Answer } from './answer';
import { ConsoleWhyPersonDocument } from './operations';
import { useQuestion } from './question';
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
  const { person, failed } = usePerson(id);
  return (
    <>
      <QuestionForm person={person} isAboutPerson />
      {failed}
      {question && person ? (
        <Answer key={person.id} question={question} person={person} />
      ) : (
        !failed && (
          <Empty title={words.begin}>
            <p className="quiet">{words.beginLead}</p>
          </Empty>
        )
      )}
    </>
  );
}

/** The person of the address; without one nobody is asked for. */
function usePerson(id: string) {
  const { id: own } = useViewer();
  const { data, error, reload } = useLoaded(ConsoleWhyPersonDocument, { id: id || own });
  const user: AskedPerson = id && data?.user?.id === id.toLowerCase() ? data.user : null;
  return { person: user, failed: id && error ? <Failed error={error} onRetry={() => void reload()} /> : undefined };
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
  const { timeZone } = useLanguage();
  const [url, set] = useUrlState();
  const at = url.get('at');
  const local = at ? new Date(at).toLocaleString('sv-SE', timeZone ? { timeZone } : {}).replace(' ', 'T') : '';
  return (
    <div className="field why-at">
      <label htmlFor="why-at">{words.at}</label>
      <input
        id="why-at"
        type="datetime-local"
        step="1"
        defaultValue={local}
        key={local}
        onBlur={({ currentTarget: { value } }) => set({ at: value ? instantOf(value, timeZone).toISOString() : '' })}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </div>
  );
}
