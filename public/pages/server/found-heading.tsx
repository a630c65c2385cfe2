import { Title } from '@mantine/core';
import { UntrustedText } from '../../components/untrusted-text';
import type { Found } from './found-list';

/** What a prompt or a resource is called, as the heading of its card. */
export function FoundHeading({ of: { name, title } }: { readonly of: Found }) {
  return (
    <Title order={2} size="h5" style={{ overflowWrap: 'anywhere' }}>
      <UntrustedText
        inline
        inherit
        text={title ?? name}
        max={160}
        style={{ whiteSpace: 'normal' }}
      />
    </Title>
  );
}
