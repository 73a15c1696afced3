import '../styles/theme.css';
import '../styles/page.css';
import './styles/console.css';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { settings } from '../settings';
import { TextsProvider } from '../texts/context';
import { applyBrandColor } from '../ui/brand-color';
import { App } from './app';
import { applyAppearance } from './shell/appearance';

// A page that the browser brings back as it was left may show an account that was signed out meanwhile.
window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());
if (settings.color) applyBrandColor(settings.color);
applyAppearance();
const root = document.getElementById('root');
if (root)
  startTransition(() =>
    createRoot(root).render(
      <TextsProvider>
        <App />
      </TextsProvider>,
    ),
  );
