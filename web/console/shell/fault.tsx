import { Component, type ReactNode } from 'react';
import { asGatehouseError } from '../../use-loaded';
import { Failed } from '../ui/states';

/** In place of a screen that cannot be loaded or shown, such as after an upgrade; the others go on working. */
export class Fault extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Failed error={asGatehouseError(this.state.error)} onRetry={() => window.location.reload()} />;
  }
}
