import { useLanguage } from '../../texts/context';
import { Name } from '../ui/name';
import { Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { Errors } from './errors';
import { texts } from './texts';
import type { Affected, Preview } from './use-preview';

/** Who would gain and lose what, by the service itself. */
export function PreviewPanel({ preview }: { readonly preview: Preview }) {
  const words = useTextsOf(texts);
  const { answer, error, isStale, more, affected } = preview;
  return (
    <section className="panel preview" aria-labelledby="role-preview" aria-busy={isStale}>
      <h2 id="role-preview">
        {words.preview} {isStale && <span className="quiet">{words.previewStale}</span>}
      </h2>
      {error && <Failed error={error} />}
      {!answer && !error && !isStale && <p className="quiet">{words.previewNone}</p>}
      {answer && <Outcome answer={answer} />}
      {answer && affected.length > 0 && (
        <ul className="affected" aria-label={words.preview}>
          {affected.map((one) => (
            <Person key={one.user.id} affected={one} />
          ))}
        </ul>
      )}
      {more && (
        <button type="button" className="button plain" onClick={more}>
          {words.morePeople}
        </button>
      )}
    </section>
  );
}

function Outcome({ answer }: { readonly answer: NonNullable<Preview['answer']> }) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const { affectedUsersCount: count, losesLastAdministrator, errors } = answer;
  return (
    <div role="status" className="outcome">
      {losesLastAdministrator && <p className="notice bad">{words.lastAdministrator}</p>}
      {errors.length > 0 && (
        <div className="notice bad">
          <p>{words.refused}</p>
          <Errors errors={errors} />
        </div>
      )}
      <p>{count === 0 ? words.nobody : words.affected(count.toLocaleString(language))}</p>
    </div>
  );
}

function Person({ affected: { user, gains, losses } }: { readonly affected: Affected }) {
  const words = useTextsOf(texts);
  return (
    <li>
      <p>
        <Name>{user.fullName}</Name> <span className="quiet">{user.username}</span>
      </p>
      <Terms label={words.gains} kind="good" terms={gains} />
      <Terms label={words.loses} kind="bad" terms={losses} />
    </li>
  );
}

function Terms({
  label,
  kind,
  terms,
}: {
  readonly label: string;
  readonly kind: 'good' | 'bad';
  readonly terms: Affected['gains'];
}) {
  const words = useTextsOf(texts);
  if (terms.length === 0) return null;
  return (
    <p className="terms">
      <span className={`badge ${kind}`}>{label}</span>{' '}
      {terms.slice(0, 10).map(({ resource, action, conditions }) => (
        <code
          key={`${resource}:${action} ${JSON.stringify(conditions)}`}
          title={conditions ? JSON.stringify(conditions) : undefined}
        >
          {resource}:{action}
          {conditions && ` (${words.underConditions})`}
        </code>
      ))}
      {terms.length > 10 && words.more(String(terms.length - 10))}
    </p>
  );
}
