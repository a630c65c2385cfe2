import { Component, type ReactNode } from 'react';

/** A form that broke on a schema gives way, and the page goes on. */
export class FormFault extends Component<
  { readonly children: ReactNode; readonly onFault: () => void },
  { readonly isBroken: boolean }
> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override componentDidCatch() {
    this.props.onFault();
  }

  override render() {
    return this.state.isBroken ? null : this.props.children;
  }
}
