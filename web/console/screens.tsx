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
    name: 'people',
    path: '/console/people',
    key: 'p',
    needs: ['user:read'],
    component: lazy(() => import('./people/people')),
  },
  {
    name: 'audit',
    path: '/console/audit',
    key: 'a',
    needs: ['security-event:read'],
    component: lazy(() => import('./audit/audit')),
  },
];

/** Whether the viewer may see a screen. */
export const maySee = ({ needs }: Screen, can: (action: string, resource: string) => boolean): boolean =>
  needs.length === 0 ||
  needs.some((right) => {
    const [resource = '', action = ''] = right.split(':');
    return can(action, resource);
  });
