import '../styles/theme.css';
import '../styles/page.css';
// Before anything else reads the address.
import '../mailed-token';
import { createRoot } from 'react-dom/client';
import { settings } from '../settings';
import { TextsProvider } from '../texts/context';
import { applyBrandColor } from '../ui/brand-color';
import { App } from './app';

// A script that a page of an earlier version asks for may be gone after an upgrade.
window.addEventListener('vite:preloadError', () => window.location.reload());
if (settings.color) applyBrandColor(settings.color);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <TextsProvider>
      <App />
    </TextsProvider>,
  );
}
