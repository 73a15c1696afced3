import { type ReactNode, useState } from 'react';
import { gatehouse } from '../../session';
import { useLoaded } from '../../use-loaded';
import { Combobox } from '../ui/combobox';
import { Name } from '../ui/name';
import { PersonPicker } from '../ui/person-picker';
import { UrlField } from '../ui/url-field';
import { useFound } from '../ui/use-found';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import { AttributesField } from './attributes-field';
import {
  ConsoleWhyAccountDocument,
  type ConsoleWhyPersonQuery,
  ConsoleWhyPostsDocument,
  type ConsoleWhyPostsQuery,
  ConsoleWhySuggestionsDocument,
} from './operations';
import { texts } from './texts';

export type AskedPerson = ConsoleWhyPersonQuery['user'];

/** The question: who would do what to what. All of it is in the address. */
export function QuestionForm({
  person,
  isAboutPerson,
  children,
}: {
  readonly person: AskedPerson;
  readonly isAboutPerson: boolean;
  /** Further fields. */
  readonly children?: ReactNode;
}) {
  const words = useTextsOf(texts);
  const can = useCan();
  return (
    <section className="panel why-question" aria-label={words.views}>
      <div className="toolbar">
        {isAboutPerson && <PersonField person={person} />}
        <UrlField
          name="action"
          label={words.action}
          list="why-actions"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="update"
        />
        <UrlField
          name="resource"
          label={words.resource}
          list="why-resources"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="post"
        />
        {children}
      </div>
      {can('read', 'role') && <Suggestions />}
      <AttributesField />
      <details className="more-filters">
        <summary>{words.fillIn}</summary>
        <div className="toolbar">
          <FromPost />
          <FromPerson />
        </div>
      </details>
    </section>
  );
}

function PersonField({ person }: { readonly person: AskedPerson }) {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  if (!person) return <PersonPicker label={words.person} onChoose={({ id }) => set({ person: id }, 'push')} />;
  return (
    <div className="field">
      <span className="label">{words.person}</span>
      <span className="chosen">
        <span>
          <Name>{person.fullName}</Name> <span className="quiet">{person.username}</span>
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label={words.other}
          onClick={() => set({ person: '' }, 'push')}
        >
          <span aria-hidden="true">×</span>
        </button>
      </span>
    </div>
  );
}

/** Actions and resources that the service itself or a role knows. */
function Suggestions() {
  const { data } = useLoaded(ConsoleWhySuggestionsDocument, {});
  const [url] = useUrlState();
  const resource = url.get('resource') ?? '';
  const known = [
    ...(data?.permissionCatalogue ?? []),
    ...(data?.rolesConnection.nodes ?? []).flatMap(({ permissions }) => permissions),
  ].filter(({ action, resource: of }) => action !== '*' && of !== '*');
  const ofResource = known.filter((each) => each.resource === resource);
  return (
    <>
      <Options id="why-actions" values={(ofResource.length > 0 ? ofResource : known).map(({ action }) => action)} />
      <Options id="why-resources" values={known.map((each) => each.resource)} />
    </>
  );
}

function Options({ id, values }: { readonly id: string; readonly values: readonly string[] }) {
  return (
    <datalist id={id}>
      {[...new Set(values)].sort().map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}

const asText = (attributes: object): string => JSON.stringify(attributes, null, 1).replaceAll(/\n\s*/g, ' ');

function FromPerson() {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  const take = async (id: string) => {
    const { user } = await gatehouse.request(ConsoleWhyAccountDocument, { id });
    if (user) set({ resource: 'user', attributes: asText(user) }, 'push');
  };
  return <PersonPicker label={words.fromPerson} onChoose={({ id }) => void take(id)} />;
}

const readPosts = ({ posts }: ConsoleWhyPostsQuery) => posts.nodes;
const newest = {};

function FromPost() {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  const [text, setText] = useState('');
  const posts = useFound(ConsoleWhyPostsDocument, newest, readPosts) ?? [];
  const fitting = posts.filter(({ title }) => title.toLocaleLowerCase().includes(text.toLocaleLowerCase())).slice(0, 8);
  return (
    <Combobox
      label={words.fromPost}
      placeholder={words.postHint}
      text={text}
      onText={setText}
      options={fitting.map((post) => ({ key: post.id, value: post, content: <Name>{post.title}</Name> }))}
      onChoose={({ author, ...post }) => {
        setText('');
        set({ resource: 'post', attributes: asText({ ...post, authorId: author.id }) }, 'push');
      }}
    />
  );
}
