import { Link } from 'wouter';
import { useExplain } from '../../texts/explain';
import { useFormat } from '../../texts/format';
import { useLoaded } from '../../use-loaded';
import { Name } from '../ui/name';
import { Busy, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { Filled } from './filled';
import {
  ConsoleWhyPreviewDocument,
  type ConsoleWhyPreviewQuery,
  type ConsoleWhyPreviewQueryVariables,
} from './operations';
import { texts } from './texts';

type Affected = ConsoleWhyPreviewQuery['previewRoleChange']['users']['nodes'][number];

const mostShown = 10;

/** What a change would do besides, before it is made: who else gains or loses, and whether the viewer may make it. */
export function Preview({
  change,
  userId,
}: {
  readonly change: ConsoleWhyPreviewQueryVariables['input'];
  /** Whom the change is for. */
  readonly userId: string;
}) {
  const words = useTextsOf(texts);
  const { sentence } = useExplain();
  const { data, error, isStale, reload } = useLoaded(ConsoleWhyPreviewDocument, { input: change, first: mostShown });
  if (error) return <Failed error={error} onRetry={() => void reload()} />;
  if (!data || isStale) return <Busy />;
  const { errors, affectedUsersCount, losesLastAdministrator, users } = data.previewRoleChange;
  const others = users.nodes.filter(({ user }) => user.id !== userId);
  return (
    <div className="why-preview" aria-live="polite">
      {errors.map(({ code, message }) => (
        <p key={`${code}${message}`} className="error">
          <Filled text={words.refusedBecause} parts={{ reason: sentence(message) }} />
        </p>
      ))}
      {losesLastAdministrator && <p className="error">{words.lastAdministrator}</p>}
      <p>{others.length === 0 && affectedUsersCount <= 1 ? words.onlyThey : words.gain(affectedUsersCount)}</p>
      <ul>
        {users.nodes.map((affected) => (
          <AffectedRow key={affected.user.id} affected={affected} />
        ))}
      </ul>
    </div>
  );
}

/** Of the permissions of one person, in characters. */
const longestList = 2000;

function AffectedRow({ affected: { user, gains, losses } }: { readonly affected: Affected }) {
  const words = useTextsOf(texts);
  const { list } = useFormat();
  const told = (text: string, permissions: readonly { readonly name: string }[]) =>
    permissions.length > 0 && (
      <>
        {' '}
        <Filled
          text={text}
          parts={{ permissions: <Name most={longestList}>{list(permissions.map(({ name }) => name))}</Name> }}
        />
      </>
    );
  return (
    <li>
      <Link href={`/console/people/${user.id}`}>
        <Name>{user.fullName}</Name>
      </Link>
      {told(words.gains, gains)}
      {losses.length > 0 && ','}
      {told(words.loses, losses)}
    </li>
  );
}
