import '../styles/theme.css';
import '../styles/page.css';
// Before anything else reads the address.
import '../mailed-token';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { settings } from '../settings';
import { TextsProvider } from '../texts/context';
import { applyBrandColor } from '../ui/brand-color';
import { App } from './app';

// A page that the browser brings back as it was left may show an account that was signed out meanwhile.
window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());
if (settings.color) applyBrandColor(settings.color);
const root = document.getElementById('root');
if (root) {
  // In short steps, so that a slow device stays responsive meanwhile.
  startTransition(() =>
    createRoot(root).render(
      <TextsProvider>
        <App />
      </TextsProvider>,
    ),
  );
}
