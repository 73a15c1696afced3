import { type ReactNode, useRef, useState } from 'react';
import { gatehouse } from '../../session';
import { useExplain } from '../../texts/explain';
import { asGatehouseError } from '../../use-loaded';
import { asText } from '../attributes/rows';
import { Combobox } from '../ui/combobox';
import { Name } from '../ui/name';
import { PersonPicker } from '../ui/person-picker';
import { UrlField } from '../ui/url-field';
import { useDelayed } from '../ui/use-delayed';
import { useFound } from '../ui/use-found';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { AttributesField } from './attributes-field';
import {
  ConsoleWhyAccountDocument,
  type ConsoleWhyPersonQuery,
  ConsoleWhyPostsDocument,
  type ConsoleWhyPostsQuery,
} from './operations';
import { useSuggested, WithSuggestions } from './suggestions';
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
      <WithSuggestions personId={person?.id}>
        <Suggestions />
        <AttributesField />
      </WithSuggestions>
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

function Suggestions() {
  const { actions, resources } = useSuggested();
  return (
    <>
      <Options id="why-actions" values={actions} />
      <Options id="why-resources" values={resources} />
    </>
  );
}

function Options({ id, values }: { readonly id: string; readonly values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}

/** The attributes of a person. The newest choice counts, in whatever order the answers come. */
function FromPerson() {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  const { failure } = useExplain();
  const newest = useRef('');
  const [problem, setProblem] = useState('');
  const take = async (id: string) => {
    newest.current = id;
    setProblem('');
    try {
      const { user } = await gatehouse.request(ConsoleWhyAccountDocument, { id });
      if (newest.current === id && user) set({ resource: 'user', attributes: asText(user) }, 'push');
    } catch (reason) {
      if (newest.current === id) setProblem(failure(asGatehouseError(reason)));
    }
  };
  return (
    <div className="why-from">
      <PersonPicker label={words.fromPerson} onChoose={({ id }) => void take(id)} />
      {problem && (
        <p role="alert" className="error">
          {problem}
        </p>
      )}
    </div>
  );
}

const readPosts = ({ posts }: ConsoleWhyPostsQuery) => posts.nodes;

/** A post among all that the viewer may read, found by its title; before anything is typed, the newest. */
function FromPost() {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  const [text, setText] = useState('');
  const search = useDelayed(text.trim());
  const found = useFound(ConsoleWhyPostsDocument, { search, first: 8 }, readPosts);
  return (
    <Combobox
      label={words.fromPost}
      placeholder={words.postHint}
      text={text}
      onText={setText}
      options={(found ?? []).map((post) => ({
        key: post.id,
        value: post,
        content: (
          <span className="person-line">
            <Name>{post.title}</Name> <span className="quiet">{post.author.username}</span>
            {!post.published && <span className="quiet"> · {words.draftPost}</span>}
          </span>
        ),
      }))}
      {...(found && search ? { empty: words.noPost } : {})}
      onChoose={({ author, ...post }) => {
        setText('');
        set({ resource: 'post', attributes: asText({ ...post, authorId: author.id }) }, 'push');
      }}
    />
  );
}
