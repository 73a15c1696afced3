import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { texts } from './shell/texts';

/**
 * The screens of the console, in the order of the navigation. A screen is a folder with a component (`export default`), which is
 * loaded when it is first opened (`lazy(() => import('./people/people'))`), its operations and its texts in both languages. What it shows is in the address:
 * `useUrlState`. It finds further parts of its path, such as an id, by `Route` of wouter.
 */
export interface Screen {
  /** Also its name in `shell/texts.ts`. */
  readonly name: keyof (typeof texts)['en']['screens'];
  readonly path: string;
  /** Pressed after `g`, the key that opens it. */
  readonly key: string;
  /** Permissions, of which one is enough to see it, as resource:action; none: everybody sees it. */
  readonly needs: readonly `${string}:${string}`[];
  readonly component: LazyExoticComponent<ComponentType>;
}

export const screens: readonly Screen[] = [
  {
    name: 'now',
    path: '/console',
    key: 'n',
    needs: ['security-event:read'],
    component: lazy(() => import('./now/now')),
  },
  {
    name: 'live',
    path: '/console/live',
    key: 'l',
    needs: ['security-event:read'],
    component: lazy(() => import('./live/live')),
  },
  {
    name: 'people',
    path: '/console/people',
    key: 'p',
    needs: ['user:read'],
    component: lazy(() => import('./people/people')),
  },
  {
    name: 'roles',
    path: '/console/roles',
    key: 'r',
    needs: ['role:read'],
    component: lazy(() => import('./roles/roles')),
  },
  {
    name: 'why',
    path: '/console/why',
    key: 'w',
    needs: ['user:read'],
    component: lazy(() => import('./why/why')),
  },
  {
    name: 'sessions',
    path: '/console/sessions',
    key: 's',
    needs: ['user:read'],
    component: lazy(() => import('./sessions/sessions')),
  },
  {
    name: 'tokens',
    path: '/console/tokens',
    key: 't',
    needs: ['user:read'],
    component: lazy(() => import('./tokens/tokens')),
  },
  {
    name: 'keys',
    path: '/console/keys',
    key: 'k',
    needs: ['signing-key:read'],
    component: lazy(() => import('./keys/keys')),
  },
  {
    name: 'work',
    path: '/console/work',
    key: 'm',
    needs: ['job:read'],
    component: lazy(() => import('./work/work')),
  },
  {
    name: 'audit',
    path: '/console/audit',
    key: 'a',
    needs: ['security-event:read'],
    component: lazy(() => import('./audit/audit')),
  },
  {
    name: 'settings',
    path: '/console/settings',
    key: 'e',
    needs: ['settings:read'],
    component: lazy(() => import('./settings/settings')),
  },
];

/** Whether the viewer may see a screen. */
export const maySee = ({ needs }: Screen, can: (action: string, resource: string) => boolean): boolean =>
  needs.length === 0 ||
  needs.some((right) => {
    const [resource = '', action = ''] = right.split(':');
    return can(action, resource);
  });
