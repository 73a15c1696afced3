import '../styles/theme.css';
import '../styles/page.css';
import '../styles/mailbox.css';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { settings } from '../settings';
import { TextsProvider } from '../texts/context';
import { applyBrandColor } from '../ui/brand-color';
import { Layout } from '../ui/layout';
import { Mailbox } from './mailbox';

/** Links lead out of this page, to other documents. */
const useDocuments = (): [path: string, navigate: (to: string) => void] => [
  window.location.pathname,
  (to) => window.location.assign(to),
];

if (settings.color) applyBrandColor(settings.color);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <TextsProvider>
      <Router hook={useDocuments}>
        <Layout>
          <Mailbox />
        </Layout>
      </Router>
    </TextsProvider>,
  );
}
