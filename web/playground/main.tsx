import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import '../styles/theme.css';
import './playground.css';
import { useGraphiQL } from '@graphiql/react';
import { GraphiQL, type GraphiQLProps, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { gatehouse } from '../session';
import { settings } from '../settings';
import { applyBrandColor } from '../ui/brand-color';
import { Bar } from './bar';
import { fetcher } from './fetcher';
import { narrow } from './narrow';
import { welcome } from './saved/saved-groups';
import { textOf } from './saved/saved-operation';
import { savedPlugin } from './saved-plugin';
import { schema } from './schema';
import { tabStorage } from './tab-storage';

if (settings.color) applyBrandColor(settings.color);
const plugins = [savedPlugin, HISTORY_PLUGIN];
const storage = tabStorage();
/** What the editor of variables accepts for scalars that GraphiQL does not know, as JSON schemas. */
const scalars: NonNullable<GraphiQLProps['customScalarSchemas']> = { JSONObject: { type: 'object' } };

/** Long lines go on below, as they do in the answer. */
function WrappedLines(): null {
  const editor = useGraphiQL(({ queryEditor }) => queryEditor);
  useEffect(() => editor?.updateOptions({ wordWrap: 'on' }), [editor]);
  return null;
}

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const onThemeChange = (listener: () => void) => {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
};

function Playground() {
  // By itself GraphiQL looks once: its editors would keep the letters of one theme on the ground of the other.
  const isDark = useSyncExternalStore(onThemeChange, () => dark.matches);
  return (
    <>
      <Bar />
      <main>
        <GraphiQL
          fetcher={fetcher}
          schema={schema}
          dangerouslyAssumeSchemaIsValid
          customScalarSchemas={scalars}
          plugins={plugins}
          {...(!narrow.matches && { visiblePlugin: savedPlugin })}
          defaultQuery={textOf(welcome)}
          defaultEditorToolsVisibility="variables"
          forcedTheme={isDark ? 'dark' : 'light'}
          showPersistHeadersSettings={false}
          // Null is understood, but has been left out of the types.
          storage={storage as Storage}
        >
          <GraphiQL.Logo> </GraphiQL.Logo>
          <WrappedLines />
        </GraphiQL>
      </main>
    </>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Playground />);
// The bar shows who is signed in; without an answer it shows nobody, and each operation tries again.
gatehouse.start().catch(() => undefined);
