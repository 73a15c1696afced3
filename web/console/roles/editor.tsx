import { useCallback, useEffect, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { FieldError } from '../../../client/gatehouse';
import { useExplain } from '../../texts/explain';
import { asGatehouseError } from '../../use-loaded';
import { useAfterUndo, useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { mutate } from '../ui/mutate';
import { ScreenPage } from '../ui/screen';
import { Busy, Empty, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan, useViewer } from '../ui/viewer';
import { useCatalogue } from './catalogue';
import { Conflict } from './conflict';
import { DetailFields } from './details';
import { inputOf, isEmpty, rebased, useDraft } from './draft';
import { Errors } from './errors';
import type { EditedRole } from './load-role';
import { Members } from './members';
import { ConsoleChangeRoleDocument, ConsoleDeleteRoleDocument } from './operations';
import { Permissions } from './permissions';
import { PreviewPanel } from './preview-panel';
import { texts } from './texts';
import { holdersBefore, undoChange } from './undo-change';
import { usePreview } from './use-preview';
import { useRole, useRoleChanges } from './use-role';

/** A role: drafts of a change to it, what the draft would do, and saving it. */
export function RoleEditor({ id }: { readonly id: string }) {
  const words = useTextsOf(texts);
  const { role, error, reload } = useRole(id);
  if (!role && error) return <Failed error={error} onRetry={() => void reload()} />;
  if (role === undefined) return <Busy />;
  if (role === null)
    return (
      <Empty title={words.gone}>
        <Link href="/console/roles">{words.backToList}</Link>
      </Empty>
    );
  return <Editing key={id} role={role} reload={reload} />;
}

type Reload = ReturnType<typeof useRole>['reload'];

function Editing({ role, reload }: { readonly role: EditedRole; readonly reload: Reload }) {
  const words = useTextsOf(texts);
  const catalogue = useCatalogue();
  const { draft, base, change, restart, follow } = useDraft(role);
  // Fields begin anew with another draft.
  const [round, setRound] = useState(0);
  const begin = useCallback<typeof restart>(
    (...args) => {
      restart(...args);
      setRound((before) => before + 1);
    },
    [restart],
  );
  const nothing = isEmpty(draft);
  const isConflict = !nothing && role.version !== base.version;
  useEffect(() => {
    // Nothing is drafted, so there is nothing to lose.
    if (!nothing || base.version === role.version) return;
    follow(role);
    setRound((before) => before + 1);
  }, [nothing, base, role, follow]);
  useAnnouncedChanges(role, reload);
  useAfterUndo(() => void reload());
  const preview = usePreview(nothing ? undefined : inputOf(draft, base), role.version);
  const errors = preview.answer?.errors ?? [];
  const isStale = errors.some(({ code }) => code === 'VERSION_CONFLICT');
  const isUnread = isStale && role.version === base.version;
  useEffect(() => {
    if (!isUnread) return undefined;
    // Until it has come: a request may fail.
    void reload();
    const timer = setInterval(() => void reload(), 2000);
    return () => clearInterval(timer);
  }, [isUnread, reload]);
  const parts = { draft, errors, change };
  return (
    <ScreenPage
      title={role.name}
      lead={role.viewerCanUpdate ? undefined : words.mayNotUpdate}
      actions={
        <>
          <Link href="/console/roles">{words.backToList}</Link>
          {role.viewerCanDelete && <Deleting role={role} />}
        </>
      }
    >
      {isConflict && (
        <Conflict
          base={base}
          now={role}
          draft={draft}
          onTakeOver={() => begin(role)}
          onGoOn={() => begin(role, rebased(draft, role))}
        />
      )}
      <div className="role-editor">
        <div className="role-parts" key={round}>
          <DetailFields role={base} {...parts} />
          <Permissions permissions={base.permissions} catalogue={catalogue} {...parts} />
          <Members roleId={role.id} {...parts} />
        </div>
        <aside className="role-aside">
          {!nothing && (
            <Saving
              role={role}
              input={inputOf(draft, base)}
              isAllowed={errors.length === 0 && !isConflict}
              onDiscard={() => begin(role)}
              onSaved={async () => {
                const saved = await reload();
                if (saved) begin(saved);
                return saved ?? undefined;
              }}
              onConflict={() => void reload()}
            />
          )}
          <PreviewPanel preview={preview} />
        </aside>
      </div>
    </ScreenPage>
  );
}

/** Reads the role anew when it was changed, and says who did it if it was somebody else. */
function useAnnouncedChanges({ id }: EditedRole, reload: Reload): void {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const viewer = useViewer();
  const onChange = useCallback(
    (actorId: string | null, name: string | null) => {
      if (actorId !== viewer.id) announce(name === null ? words.changedByService : words.changedBy(name), 'notice');
      void reload();
    },
    [announce, words, reload, viewer.id],
  );
  useRoleChanges(id, onChange);
}

function Saving({
  role,
  input,
  isAllowed,
  onDiscard,
  onSaved,
  onConflict,
}: {
  readonly role: EditedRole;
  readonly input: ReturnType<typeof inputOf>;
  readonly isAllowed: boolean;
  readonly onDiscard: () => void;
  /** @returns the role as it is now */
  readonly onSaved: () => Promise<EditedRole | undefined>;
  readonly onConflict: () => void;
}) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const { failure } = useExplain();
  const can = useCan();
  const id = useId();
  const [isBusy, setBusy] = useState(false);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [problem, setProblem] = useState<string>();
  const mayAsk = role.viewerCanUpdate || can('grant', 'role');
  const isOff = isBusy || !isAllowed || !mayAsk;
  const save = async () => {
    if (isOff) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const holders = await holdersBefore(input);
      const payload = await mutate(ConsoleChangeRoleDocument, { input });
      setErrors(payload.errors);
      if (payload.errors.length === 0) {
        const saved = await onSaved();
        const isOurs = saved && saved.version === payload.role?.version;
        const undo = isOurs ? undoChange(input, role, saved, holders) : undefined;
        announce(words.saved, undo && { run: undo });
      } else if (payload.errors.some(({ code }) => code === 'VERSION_CONFLICT')) onConflict();
    } catch (reason) {
      setProblem(failure(asGatehouseError(reason)));
    }
    setBusy(false);
  };
  return (
    <section className="panel saving" aria-label={words.draftKept}>
      <p className="quiet">{words.draftKept}</p>
      <Errors errors={errors} />
      {problem && <p role="alert">{problem}</p>}
      <div className="buttons">
        <button
          type="button"
          className="button main"
          aria-disabled={isOff}
          aria-busy={isBusy}
          aria-describedby={mayAsk ? undefined : id}
          onClick={() => void save()}
        >
          {words.save}
        </button>
        <button type="button" className="button" onClick={onDiscard}>
          {words.discard}
        </button>
      </div>
      {!mayAsk && (
        <p id={id} className="quiet">
          {words.mayNotUpdate}
        </p>
      )}
    </section>
  );
}

function Deleting({ role }: { readonly role: EditedRole }) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const [, navigate] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const run = async () => {
    const input = { roleId: role.id, expectedVersion: role.version };
    const { errors } = await mutate(ConsoleDeleteRoleDocument, { input });
    if (errors.length === 0) {
      announce(words.deleted);
      navigate('/console/roles');
    }
    return errors;
  };
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {words.delete}
      </button>
      {isOpen && (
        <Confirm title={words.delete} verb={words.deleteVerb} run={run} onClose={() => setOpen(false)}>
          <p>{words.deleteLead(role.name)}</p>
        </Confirm>
      )}
    </>
  );
}
