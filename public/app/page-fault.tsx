import { Button, Container, Stack } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { ErrorAlert } from '../components/error-alert';

/** A page that broke, or whose script is no longer there because the product was updated meanwhile. */
export class PageFault extends Component<
  { readonly children: ReactNode },
  { readonly error?: unknown }
> {
  override readonly state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (!('error' in this.state)) return this.props.children;
    return (
      <Container size="sm" py="xl">
        <Stack align="flex-start">
          <ErrorAlert title="This page could not be shown" error={this.state.error} />
          <Button onClick={() => window.location.reload()}>Load it anew</Button>
        </Stack>
      </Container>
    );
  }
}
