import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../components/empty-state';

export function NotFoundPage() {
  return (
    <EmptyState
      icon={IconMapQuestion}
      title="There is no such page"
      action={
        <Button component={Link} to="/servers" variant="light">
          To the servers
        </Button>
      }
    >
      The address may be mistyped, or lead to something that was removed.
    </EmptyState>
  );
}
